// The time line: both directions, by slider, by button, by key.

import { expect, frames, inked, picture, test } from './lab';

test.beforeEach(async ({ lab }) => {
  await lab.open('steps=400'); // Fewer, and particles hardly move.
  await lab.train(400);
});

test('scrubs through a recorded trajectory', async ({ lab, page }) => {
  const readings = new Set<string>();
  const front = page.locator('canvas.front');
  const pictures = new Set(['', await picture(front)]);
  const last = Number(await lab.time.getAttribute('max'));
  expect(last).toBeGreaterThan(1);
  // From the noise on, as it is recorded.
  for (const slot of [last, Math.floor(last / 2), 0]) {
    await lab.time.fill(String(slot));
    await expect(page.getByText('Noise to data, model of step')).toBeVisible();
    await expect(lab.time).toHaveValue(String(slot));
    let now = '';
    await expect
      .poll(async () => pictures.has((now = await picture(front))))
      .toBe(false);
    pictures.add(now);
    // The range has its value at once, words when the page has taken it.
    readings.add((await lab.time.getAttribute('aria-valuetext')) ?? '');
  }
  expect(readings.size).toBe(3);
  await expect(page.locator('.reading')).toContainText('σ');
});

test('plays each direction to its end', async ({ lab, page }) => {
  const play = page.getByRole('button', { name: 'Play', exact: true });
  const last = Number(await lab.time.getAttribute('max'));
  const slot = async () => Number(await lab.time.inputValue());
  await page.getByRole('button', { name: 'Data → noise' }).click();
  await expect(page.getByText('Data to noise', { exact: true })).toBeVisible();
  await expect.poll(slot).toBeGreaterThan(2);
  await lab.time.fill(String(last - 5)); // The rest of the way.
  await expect(lab.time).toHaveValue(String(last - 5));
  await play.click();
  await expect(lab.time).toHaveValue(String(last));
  await page.getByRole('button', { name: 'Noise → data' }).click();
  await expect(page.getByText('Noise to data, model of step')).toBeVisible();
  await play.click();
  await expect.poll(slot).toBeLessThan(last - 2);
  await lab.time.fill('5');
  await expect(lab.time).toHaveValue('5');
  await play.click();
  await expect(lab.time).toHaveValue('0');
});

test('pauses, loops and goes back to live', async ({ lab, page }) => {
  const loop = page.getByRole('button', { name: 'Loop' });
  await loop.click();
  await expect(loop).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const { time } = lab;
  await expect(time).not.toHaveValue(String(await time.getAttribute('max')));
  await page.getByRole('button', { name: 'Stop playing' }).click();
  await expect(
    page.getByRole('button', { name: 'Play', exact: true }),
  ).toBeVisible();
  const held = await time.inputValue();
  await frames(page, 30);
  await expect(time).toHaveValue(held);
  await page.getByRole('button', { name: 'Back to live' }).click();
  await expect(
    page.getByText('Samples at step 400', { exact: true }),
  ).toBeVisible();
});

test('draws the truth beside what was learned', async ({ lab, page }) => {
  const front = page.locator('canvas.front');
  await expect(
    page.getByText('Samples at step 400', { exact: true }),
  ).toBeVisible();
  const words = page.getByText('samples of the exact denoiser');
  await expect(words).toHaveCount(0);
  await page.getByRole('checkbox', { name: 'Samples' }).uncheck();
  await expect.poll(() => inked(front)).toBe(0);
  await page.getByRole('checkbox', { name: 'Truth' }).check();
  await expect.poll(() => inked(front)).toBeGreaterThan(0);
  await expect(words).toHaveCount(1);
  await expect(page).toHaveURL(/view\.layers=data,trails,truth/);
  expect(lab.errors).toEqual([]);
});

test('hides and shows layers', async ({ lab, page }) => {
  const count = (name: string) => inked(page.locator(`canvas.${name}`));
  await lab.time.fill('10');
  await expect(page.getByText('Noise to data, model of step')).toBeVisible();
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
