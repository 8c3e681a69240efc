// The time line: both directions, by slider, by button, by key.

import { expect, test } from './lab';

test.beforeEach(async ({ lab }) => {
  await lab.open('#steps=40');
  await lab.trained(40);
  await expect(lab.page.getByText('Back to live')).toBeVisible();
});

test('scrubs through a recorded trajectory', async ({ lab, page }) => {
  const readings = new Set<string>();
  const last = Number(await lab.time.getAttribute('max'));
  expect(last).toBeGreaterThan(1);
  for (const slot of [0, Math.floor(last / 2), last]) {
    await lab.time.fill(String(slot));
    await expect(lab.time).toHaveValue(String(slot));
    readings.add((await lab.time.getAttribute('aria-valuetext')) ?? '');
  }
  expect(readings.size).toBe(3);
  await expect(page.locator('.reading')).toContainText('σ');
});

test('shows other points at other times', async ({ lab, page }) => {
  const picture = () =>
    page
      .locator('canvas.front')
      .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await lab.time.fill('0');
  await expect(lab.time).toHaveValue('0');
  const data = await picture();
  await lab.time.fill((await lab.time.getAttribute('max')) ?? '1');
  await expect.poll(picture).not.toBe(data);
});

test('plays each direction to its end', async ({ lab, page }) => {
  test.slow();
  await page.getByRole('button', { name: 'Data → noise' }).click();
  const last = (await lab.time.getAttribute('max')) ?? '';
  await expect(lab.time).toHaveValue(last, { timeout: 15_000 });
  await expect(page.getByText('Data to noise', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Noise → data' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(lab.time).toHaveValue('0', { timeout: 15_000 });
});

test('pauses, loops and goes back to live', async ({ lab, page }) => {
  const pause = page.getByRole('button', { name: 'Stop playing' });
  if (await pause.isVisible()) await pause.click();
  const held = await lab.time.inputValue();
  await page.waitForTimeout(300);
  await expect(lab.time).toHaveValue(held);
  const loop = page.getByRole('button', { name: 'Loop' });
  await loop.click();
  await expect(loop).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(page.getByText('Samples at step 40')).toBeVisible();
});

test('hides and shows layers', async ({ lab, page }) => {
  const count = (name: string) =>
    page.locator(`canvas.${name}`).evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas
        .getContext('2d')!
        .getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
  await lab.time.fill('3');
  await expect.poll(() => count('front')).toBeGreaterThan(0);
  const before = await count('front');
  await page.getByRole('checkbox', { name: 'Trails' }).uncheck();
  await expect.poll(() => count('front')).toBeLessThan(before);
  await page.getByRole('checkbox', { name: 'Samples' }).uncheck();
  await expect.poll(() => count('front')).toBe(0);
  const back = await count('back');
  await page.getByRole('checkbox', { name: 'Data' }).uncheck();
  await expect.poll(() => count('back')).toBeLessThan(back);
  await expect(page).toHaveURL(/view\.layers=none/);
});
