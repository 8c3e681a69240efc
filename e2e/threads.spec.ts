// The module with threads, where the page is isolated; the plain one elsewhere.
// Both end in the bits of the command line.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, SMALL, test } from './lab';

const root = join(import.meta.dirname, '..');
const ISOLATED = 'http://127.0.0.1:5191/';

/** The tour's link in the README, and the digits that stand there with it. */
const TOUR = 'data=two_moons&network.width=64&batch=256&seed=7&steps=200';
const DIGITS = 'ac06fcc217a59ac9';

test('the tour of the README is this one', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  expect(readme).toContain(TOUR);
  expect(readme).toContain(DIGITS);
});

test('an isolated page trains on threads, to the same bits', async ({
  lab,
  page,
}) => {
  await page.goto(`${ISOLATED}#${TOUR}`);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const threads = await page.evaluate(() =>
    Math.min(4, navigator.hardwareConcurrency),
  );
  if (threads > 1) {
    await expect(page.getByText(`Steps/s, ${threads} threads`)).toBeVisible();
  }
  await lab.train(200);
  await expect(lab.fingerprint).toHaveText(DIGITS);
});

test.describe('without threads', () => {
  test('a page that is not isolated', async ({ lab, page }) => {
    await page.goto(`./#${TOUR}`);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await expect(page.getByText('Steps/s', { exact: true })).toBeVisible();
    await lab.train(200);
    await expect(lab.fingerprint).toHaveText(DIGITS);
  });

  test('a threaded module that does not start', async ({ lab, page }) => {
    await page.route('**/unnoise_threads.mjs', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: 'export default () => Promise.reject(new Error("no"));',
        headers: { 'cross-origin-embedder-policy': 'require-corp' },
      }),
    );
    await page.goto(`${ISOLATED}#${SMALL}&steps=20`);
    await lab.train(20);
    await expect(page.getByText('Steps/s', { exact: true })).toBeVisible();
  });
});
