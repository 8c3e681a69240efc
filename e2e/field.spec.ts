// The denoiser on the picture: arrows, heat map and probe, by pointer and by
// keyboard.

import { expect, expectAccessible, inked, picture, SMALL, test } from './lab';

test('arrows and heat map follow time and training', async ({ lab, page }) => {
  await lab.open('steps=20');
  const middle = page.locator('canvas.middle');
  const under = page.locator('canvas.under');
  await expect(middle).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Arrows' }).check();
  await page.getByRole('checkbox', { name: 'Heat map' }).check();
  await expect.poll(() => inked(middle)).toBeGreaterThan(1000);
  await expect.poll(() => inked(under)).toBeGreaterThan(50_000);
  await expect(page).toHaveURL(/view\.layers=data,samples,trails,arrows,heat/);
  const plot = page.getByRole('img', { name: 'Plot of data and samples' });
  await expect(plot).toHaveAccessibleDescription(/At time t 0\.500 the model/);

  const untrained = await picture(middle);
  await lab.train(20);
  await expect.poll(() => picture(middle)).not.toBe(untrained);

  const trained = await picture(middle);
  await page.getByRole('slider', { name: 't of arrows' }).fill('90');
  await expect.poll(() => picture(middle)).not.toBe(trained);
  await expect(page).toHaveURL(/view\.t=0\.9/);
  await expect(page.getByText('at t 0.900')).toBeVisible();

  // On the time line, its t is the field's.
  const late = await picture(middle);
  await lab.time.fill('5');
  await expect(lab.time).toHaveValue('5');
  await expect.poll(() => picture(middle)).not.toBe(late);
  const t = await page.locator('.reading span').first().textContent();
  await expect(
    page.getByText(`at t ${t!.replace('t ', '').trim()}`),
  ).toBeVisible();
  await page.getByRole('checkbox', { name: 'Arrows' }).uncheck();
  await expect(middle).toHaveCount(0);
});

test('a link opens with its arrows', async ({ lab, page }) => {
  await lab.open('steps=5&view.layers=data,arrows&view.t=0.25');
  const middle = page.locator('canvas.middle');
  await expect.poll(() => inked(middle)).toBeGreaterThan(1000);
  await expect(page.getByText('at t 0.250')).toBeVisible();
  await expect(
    page.getByRole('checkbox', { name: 'Trails' }),
  ).not.toBeChecked();
});

test('a probe is set, dragged and removed by pointer', async ({
  lab,
  page,
}) => {
  await lab.open('steps=20');
  await expect(page.getByText('Noise, before any training')).toBeVisible();
  const card = page.getByRole('region', { name: 'Probe' });
  await page.locator('canvas.front').click({ position: { x: 200, y: 150 } });
  await expect(card).toContainText('0.500');
  const handle = page.getByRole('button', { name: /^Probe: a point at/ });
  const before = await handle.getAttribute('aria-label');
  const box = (await handle.boundingBox())!;
  await page.mouse.move(box.x + 22, box.y + 22);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 60, { steps: 4 });
  await page.mouse.up();
  await expect(handle).not.toHaveAttribute('aria-label', before!);
  const moved = async () => {
    const { x, y } = (await handle.boundingBox())!;
    return [Math.round(x - box.x), Math.round(y - box.y)];
  };
  await expect.poll(moved).toEqual([68, 38]);

  // What it shows follows the weights.
  await expect(page.getByRole('status').first()).toContainText('Probe at');
  const untrained = await card.textContent();
  await lab.train(20);
  await expect(card).not.toHaveText(untrained!);
  await page.getByRole('button', { name: 'Remove the probe' }).click();
  await expect(card).toHaveCount(0);
});

test('a probe is set, moved and removed by keyboard', async ({ lab, page }) => {
  await lab.open('steps=1');
  await expect(page.getByText('Noise, before any training')).toBeVisible();
  await page.keyboard.press('x');
  const handle = page.getByRole('button', { name: /^Probe: a point at/ });
  await expect(handle).toBeFocused();
  const label = () => handle.getAttribute('aria-label');
  const before = await label();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  await expect.poll(label).not.toBe(before);
  await expect(lab.time).toHaveValue(/.*/); // The arrows moved no time line:
  await expect(page.getByText('Back to live')).toHaveCount(0);
  await expect(page.getByRole('status').first()).toContainText(
    /Probe at .*Predicted data/,
  );
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Probe' })).toHaveCount(0);
});

test('axe finds nothing with all of it shown', async ({ lab, page }) => {
  await lab.open('steps=5&view.layers=data,samples,trails,arrows,heat');
  await expect(page.getByText('Noise, before any training')).toBeVisible();
  await page.locator('canvas.front').click({ position: { x: 60, y: 200 } });
  await expect(page.getByRole('region', { name: 'Probe' })).toBeVisible();
  await expectAccessible(page, ['unnoise-app', 'unnoise-plot']);
});

test('a finger sets the probe by a tap, and scrolls otherwise', async ({
  browser,
  baseURL,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 700 },
    hasTouch: true,
    isMobile: true,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(`${baseURL}/#${SMALL}&steps=1`);
  await expect(page.getByText('Noise, before any training')).toBeVisible();
  const plot = page.locator('canvas.front');
  await expect(plot).toHaveCSS('touch-action', 'auto');
  const box = (await plot.boundingBox())!;
  await page.touchscreen.tap(box.x + 100, box.y + box.height - 60);
  await expect(page.getByRole('region', { name: 'Probe' })).toBeVisible();
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth),
  ).toBeLessThanOrEqual(390);
  await context.close();
});
