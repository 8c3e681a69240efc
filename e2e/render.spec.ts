// The player that `unnoise render` writes: one file, opened from the disk.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test as base, type Page } from '@playwright/test';
import { expectAccessible, frames, picture } from './lab';

const cli = fileURLToPath(new URL('../build/native/unnoise', import.meta.url));

/** A recording of a run that took no time, made once for each worker. */
const test = base.extend<object, { recording: string }>({
  recording: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'unnoise-render-'));
      const run = join(folder, 'run');
      const file = join(folder, 'run.html');
      const unnoise = (...words: string[]) =>
        execFileSync(cli, words, { stdio: 'pipe' });
      unnoise('train', 'network.width=16', '--steps', '20', '--out', run);
      unnoise('render', run, '--n', '100', '--fps', '50', '--out', file);
      await use(pathToFileURL(file).href);
      rmSync(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

/** Opens the file; the answer holds what went wrong and what it asked for. */
async function open(page: Page, recording: string) {
  const errors: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(recording);
  await expect(page.getByRole('slider', { name: 'Time t' })).toBeVisible();
  return { errors, requests };
}

test('plays, scrubs and shows layers', async ({ page, recording }) => {
  const { errors, requests } = await open(page, recording);
  const time = page.getByRole('slider', { name: 'Time t' });
  const plot = page.getByRole('img', { name: 'Plot of data and samples' });
  await expect(time).toHaveValue('50');
  await frames(page, 20);
  await expect(time, 'nothing moves unasked').toHaveValue('50');

  await page.getByRole('button', { name: 'Loop' }).click();
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('4');
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(time).toHaveValue('0');
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible();
  await expect(time).toHaveAttribute('aria-valuetext', /^t 0\.001, α /);

  await time.fill('25');
  await expect(time).toHaveValue('25');
  const middle = await picture(plot);
  await time.press('ArrowRight');
  await expect(time).toHaveValue('26');
  await expect.poll(() => picture(plot)).not.toBe(middle);
  await time.press('ArrowLeft');
  await expect.poll(() => picture(plot)).toBe(middle);
  for (const name of ['Trails', 'Samples', 'Data']) {
    const before = await picture(plot);
    await page.getByRole('checkbox', { name }).uncheck();
    await expect.poll(() => picture(plot), name).not.toBe(before);
  }

  await page.getByRole('button', { name: 'Data → noise' }).click();
  await expect(plot).toHaveAccessibleDescription(
    /1,000 points of the data.*100 points of the data on their way to noise/,
  );
  await page.locator('h1').click();
  await page.keyboard.press('Space');
  await expect(time).toHaveValue('50');

  expect(errors).toEqual([]);
  expect(requests).toEqual([recording]);
});

test('starts by itself and says how it was made', async ({
  page,
  recording,
}) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const { errors } = await open(page, recording);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(page.getByRole('slider')).not.toHaveValue('50');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('How this was made').click();
  await expect(page.getByText(/^[0-9a-f]{16}$/).first()).toBeVisible();
  await expect(page.locator('pre').first()).toContainText(
    'unnoise train network.width=16 --seed 0 --steps 20',
  );
  expect(errors).toEqual([]);
});

test('axe finds nothing, light or dark, wide or narrow', async ({
  page,
  recording,
}) => {
  await open(page, recording);
  await page.getByText('How this was made').click();
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(320);
});
