// The denoiser on the picture: arrows, heat map and probe, by pointer and by
// keyboard.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from './lab';

/** How many pixels of a canvas are not empty. */
function inked(page: Page, canvas: string): Promise<number> {
  return page.locator(`canvas.${canvas}`).evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const context = (element as HTMLCanvasElement).getContext('2d')!;
    const { data } = context.getImageData(0, 0, width, height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });
}

/** What a canvas shows, to be compared. */
function picture(page: Page, canvas: string): Promise<string> {
  return page
    .locator(`canvas.${canvas}`)
    .evaluate((element: HTMLCanvasElement) => element.toDataURL());
}

test.beforeEach(async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
});

test('arrows and heat map follow time and training', async ({ lab, page }) => {
  await lab.open('steps=20');
  await expect(page.locator('canvas.middle')).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Arrows' }).check();
  await page.getByRole('checkbox', { name: 'Heat map' }).check();
  await expect.poll(() => inked(page, 'middle')).toBeGreaterThan(1000);
  await expect.poll(() => inked(page, 'under')).toBeGreaterThan(50_000);
  await expect(page).toHaveURL(/view\.layers=data,samples,trails,arrows,heat/);
  const plot = page.getByRole('img', { name: 'Plot of data and samples' });
  await expect(plot).toHaveAccessibleDescription(/At time t 0\.500 the model/);

  const untrained = await picture(page, 'middle');
  await lab.button('train').click();
  await lab.trained(20);
  await expect.poll(() => picture(page, 'middle')).not.toBe(untrained);

  const trained = await picture(page, 'middle');
  await page.getByRole('slider', { name: 't of arrows' }).fill('90');
  await expect.poll(() => picture(page, 'middle')).not.toBe(trained);
  await expect(page).toHaveURL(/view\.t=0\.9/);
  await expect(page.getByText('at t 0.900')).toBeVisible();

  // On the time line, its t is the field's.
  const late = await picture(page, 'middle');
  await lab.time.fill('5');
  await expect.poll(() => picture(page, 'middle')).not.toBe(late);
  const t = await page.locator('.reading span').first().textContent();
  await expect(
    page.getByText(`at t ${t!.replace('t ', '').trim()}`),
  ).toBeVisible();
  await page.getByRole('checkbox', { name: 'Arrows' }).uncheck();
  await expect(page.locator('canvas.middle')).toHaveCount(0);
});

test('a link opens with its arrows', async ({ lab, page }) => {
  await lab.open('steps=5&view.layers=data,arrows&view.t=0.25');
  await expect.poll(() => inked(page, 'middle')).toBeGreaterThan(1000);
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
  const moved = (await handle.boundingBox())!;
  expect(Math.round(moved.x - box.x)).toBe(68);
  expect(Math.round(moved.y - box.y)).toBe(38);

  // What it shows follows the weights.
  const untrained = await card.textContent();
  await lab.button('train').click();
  await lab.trained(20);
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
  const found = async (axe: AxeBuilder) =>
    (
      await axe
        .include({ fromShadowDom: ['unnoise-app', 'unnoise-plot'] })
        .analyze()
    ).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  expect(await found(new AxeBuilder({ page }))).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  const colours = new AxeBuilder({ page }).withRules('color-contrast');
  expect(await found(colours)).toEqual([]);
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
  await page.goto(`${baseURL}/#network.width=16&batch=64&steps=1`);
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
