// Training in the page: it moves, the loss falls, it stops where it should,
// and ends in the bits of the command line.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './lab';

interface Golden {
  name: string;
  words: string[];
  steps: number;
  fingerprint: string;
  /** The points of data=points. */
  csv?: string;
}
const list = join(import.meta.dirname, '../tests/golden.json');
const goldens: Golden[] = existsSync(list)
  ? (JSON.parse(readFileSync(list, 'utf8')) as Golden[])
  : [];

test('moves within a second of opening', async ({ lab, page }) => {
  await page.goto('./');
  await expect(lab.step).not.toHaveText('0', { timeout: 5000 });
  const opened = await page.evaluate(() => performance.now());
  expect(opened).toBeLessThan(2500); // A second, on a busy machine.
});

test('trains to a falling loss', async ({ lab }) => {
  await lab.open('#seed=1&steps=400');
  await expect(lab.loss).not.toHaveText('–');
  const first = Number(await lab.loss.textContent());
  await lab.trained(400);
  const last = Number(await lab.loss.textContent());
  expect(last).toBeLessThan(first);
});

test('pauses, takes a step, trains on and resets', async ({ lab, page }) => {
  await lab.open('#steps=100000');
  await expect(lab.step).not.toHaveText('0');
  await lab.button('train').click();
  await expect(lab.button('train')).toHaveText('Train on');
  const step = Number((await lab.step.textContent())?.replace(',', ''));
  await lab.button('step').click();
  await expect(lab.step).toHaveText((step + 1).toLocaleString('en'));
  await page.getByLabel('Train until step').fill(String(step + 50));
  await page.getByLabel('Train until step').press('Enter');
  await lab.button('train').click();
  await lab.trained(step + 50);
  await lab.button('reset').click();
  await expect(lab.step).toHaveText('0');
  await expect(lab.button('train')).toHaveText('Train');
});

test('gives the same bits however it is cut', async ({ lab }) => {
  await lab.open('#seed=3&steps=60');
  await lab.trained(60);
  const whole = await lab.fingerprint.textContent();
  await lab.button('reset').click();
  await lab.button('step').click();
  await expect(lab.step).toHaveText('1');
  await lab.button('step').click();
  await expect(lab.step).toHaveText('2');
  await lab.button('train').click();
  await lab.trained(60);
  await expect(lab.fingerprint).toHaveText(whole ?? '');
});

test('there are golden experiments', () => {
  expect(goldens.length).toBeGreaterThan(0);
});

for (const { name, words, steps, fingerprint, csv } of goldens) {
  test(`ends in the golden fingerprint: ${name}`, async ({ lab, page }) => {
    const pairs = words.map(encodeURIComponent).join('&');
    const hash = pairs.replaceAll('%3D', '=');
    await lab.open(`#${hash}&steps=${steps}`);
    if (csv !== undefined) {
      // A link to points that it does not hold asks for their file.
      const buffer = Buffer.from(csv);
      await page
        .getByLabel('A CSV file')
        .setInputFiles({ name: 'points.csv', mimeType: 'text/csv', buffer });
      await expect(
        page.getByRole('radio', { name: 'points.csv' }),
      ).toBeChecked();
    }
    await lab.trained(steps);
    await expect(lab.fingerprint).toHaveText(fingerprint);
    await expect(lab.notices.locator('.problem')).toHaveCount(0);
  });
}

test('rests while the page is hidden', async ({ lab, page }) => {
  await lab.open('#steps=1000000');
  await expect(lab.step).not.toHaveText('0');
  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', {
        configurable: true,
        value: hidden,
      });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  await page.waitForTimeout(150);
  const held = await lab.step.textContent();
  await page.waitForTimeout(400);
  await expect(lab.step).toHaveText(held ?? '');
  await hide(false);
  await expect(lab.step).not.toHaveText(held ?? '');
});

test('changes start again, with a notice; the sampler does not', async ({
  lab,
  page,
}) => {
  await lab.open('#steps=30');
  await lab.trained(30);
  await page.getByText('Sampler', { exact: true }).first().click();
  const steps = page.getByRole('textbox', { name: 'Steps', exact: true });
  await steps.fill('20');
  await steps.press('Enter');
  await expect(lab.time).toHaveAttribute('max', '20');
  await expect(lab.step).toHaveText('30');
  await page.getByRole('radio', { name: 'Rings' }).check();
  await expect(lab.notices).toContainText('started again');
  await lab.trained(30);
});

test('a bad value is refused beside its field', async ({ lab, page }) => {
  await lab.open('#steps=30');
  await lab.trained(30);
  await page.getByText('Network', { exact: true }).first().click();
  const width = page.getByRole('textbox', { name: 'Width', exact: true });
  await width.fill('999999');
  await width.press('Enter');
  await expect(width).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#problem')).toContainText('network.width');
  await expect(lab.step).toHaveText('30');
  await width.fill('64');
  await width.press('Enter');
  await expect(page.locator('#problem')).toHaveCount(0);
  await expect(page).toHaveURL(/network\.width=64/);
});
