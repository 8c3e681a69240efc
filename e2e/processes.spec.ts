// The process laboratory: the picture and its knife, the same numbers as the
// command line's, fields and links, and the page for everybody.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, frames, inked, test } from './lab';

const program = join(import.meta.dirname, '../build/native/unnoise');

/** Opens it and waits until particles and law have arrived. */
async function open(page: Page, words: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`./processes.html#${words}`);
  await arrived(page);
}

async function arrived(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const state = document.querySelector('unnoise-process-app')?.lab.state;
    return state?.particles && !state.busy;
  });
}

const knife = (page: Page) => page.getByRole('slider', { name: 'Knife: time' });
const row = (page: Page, name: string) =>
  page.getByRole('row', { name: new RegExp(`^${name}`) });

test.beforeEach(({ lab }) => {
  void lab; // Fails on any error in the console.
});

test('paths and law are the command line’s, number for number', async ({
  page,
}) => {
  expect(existsSync(program), 'build the native preset first').toBe(true);
  await open(page, 'process=double_well&sigma=0.6&n=200&seed=7&steps=500');
  const command = await page
    .getByRole('region', { name: 'Command line' })
    .innerText();
  const folder = mkdtempSync(join(tmpdir(), 'unnoise-'));
  execFileSync(program, command.trim().split(/\s+/).slice(1), { cwd: folder });
  const floats = (name: string) => {
    const bytes = readFileSync(join(folder, name));
    const begin = 10 + bytes.readUInt16LE(8);
    return Array.from({ length: (bytes.length - begin) / 4 }, (_, i) =>
      bytes.readFloatLE(begin + 4 * i),
    );
  };
  const told = JSON.parse(
    readFileSync(join(folder, 'density.json'), 'utf8'),
  ) as {
    t: number[];
    axes: { low: number; high: number; cells: number }[];
    law: { mean: number[]; variance: number[] }[];
  };
  const shown = await page.evaluate(() => {
    const { state } = document.querySelector('unnoise-process-app')!.lab;
    return {
      times: Array.from(state.particles!.times),
      paths: Array.from(state.particles!.paths),
      density: Array.from(state.law!.density),
      moments: Array.from(state.law!.moments),
      axis: state.started!.axes[0]!,
    };
  });
  expect(shown.times).toEqual(told.t);
  expect(shown.axis).toMatchObject({
    low: told.axes[0]!.low,
    high: told.axes[0]!.high,
    count: told.axes[0]!.cells,
  });
  expect(shown.paths).toEqual(floats('paths.npy'));
  expect(shown.density).toEqual(floats('density.npy'));
  expect(shown.moments).toEqual(
    told.law.flatMap(({ mean, variance }) => [mean[0], variance[0]]),
  );
  rmSync(folder, { recursive: true });
});

test('the knife goes by keys, by pointer and by the clock', async ({
  page,
}) => {
  await open(page, 'process=ornstein_uhlenbeck');
  await expect(knife(page)).toHaveAttribute('aria-valuetext', 't = 5 of 5');
  await expect(row(page, 'Closed form')).toContainText('0.006738');
  await knife(page).focus();
  await page.keyboard.press('Home');
  await expect(knife(page)).toHaveAttribute('aria-valuetext', 't = 0 of 5');
  await expect(row(page, 'Particles')).toContainText('1');
  for (let i = 0; i < 20; ++i) await page.keyboard.press('ArrowRight');
  await expect(knife(page)).toHaveAttribute('aria-valuetext', 't = 1 of 5');
  // exp(-1), and the root of (1 - exp(-2)) / 2.
  await expect(row(page, 'Closed form')).toContainText('0.3679');
  await expect(row(page, 'Closed form')).toContainText('0.6575');
  await expect(row(page, 'Fokker–Planck')).toContainText('0.6575');
  expect(page.url()).toContain('knife=1');

  const picture = page.locator('canvas.front');
  const box = (await picture.boundingBox())!;
  const middle = box.y + box.height / 2;
  await page.mouse.move(box.x + 60, middle);
  await page.mouse.down();
  await page.mouse.move(box.x + 46 + (box.width - 52) / 2, middle);
  await page.mouse.up();
  await expect(knife(page)).toHaveAttribute('aria-valuetext', 't = 2.50 of 5');
  expect(await inked(page.locator('canvas.section'))).toBeGreaterThan(1000);

  await page.getByRole('button', { name: 'Play the clock' }).click();
  await expect(
    page.getByRole('button', { name: 'Pause the clock' }),
  ).toBeVisible();
  await expect(knife(page)).not.toHaveValue('50');
  await page.getByRole('button', { name: 'Pause the clock' }).click();
});

test('fields keep what is wrong, and a link brings back what is right', async ({
  page,
}) => {
  await open(page, 'process=two_states&n=100');
  await page.getByRole('textbox', { name: 'Down' }).fill('-1');
  await page.getByRole('textbox', { name: 'Down' }).press('Enter');
  await expect(page.getByText('down: found -1')).toBeVisible();
  await page.getByRole('textbox', { name: 'Down' }).fill('3');
  await page.getByRole('textbox', { name: 'Down' }).press('Enter');
  await arrived(page);
  await expect(page.getByText('found -1')).toBeHidden();
  // At rest a quarter is in state 1: up / (up + down).
  await expect(page.getByRole('row', { name: /^1/ })).toContainText('0.250');
  const link = page.url();
  expect(link).toContain('process=two_states&down=3');
  await page
    .getByRole('combobox', { name: 'Process' })
    .selectOption('white_noise');
  await arrived(page);
  await expect(page.getByText('No density: it has no drift')).toBeVisible();
  await open(page, link.split('#')[1]!);
  await expect(page.getByRole('textbox', { name: 'Down' })).toHaveValue('3');

  await open(page, 'process=two_state&n=none');
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices).toContainText('did you mean two_states?');
  await expect(notices).toContainText('Found none; give a whole number');
});

test('axe finds nothing, light or dark', async ({ page }) => {
  for (const words of [
    'process=ornstein_uhlenbeck&view.layers=density,paths,quantiles,current',
    'process=linear_system&sigma=0.5&spread=0.5',
    'process=master_equation',
  ]) {
    await open(page, words);
    await page.getByText('Numbers as a table').click();
    await expectAccessible(page);
  }
});

test('fits a small screen, and leads to the other pages', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const words of ['process=langevin', 'process=gradient_flow']) {
    await open(page, words);
    await frames(page);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth,
    );
    expect(wide).toBeLessThanOrEqual(320);
  }
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages.getByRole('link', { name: 'Processes' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await pages.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('button', { name: 'Train' })).toBeVisible();
  await expect(
    page.getByRole('navigation', { name: 'Pages' }).getByRole('link', {
      name: 'Models',
    }),
  ).toHaveAttribute('aria-current', 'page');
});

test('one file alone, in a sandboxed frame of another site', async ({
  page,
}) => {
  const src =
    'http://127.0.0.1:5190/processes_embed.html#process=two_states&amp;knife=1';
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(`<!doctype html><html lang="en"><title>Course</title>
      <iframe title="lab" sandbox="allow-scripts" src="${src}"
        style="width: 100%; height: 500px"></iframe></html>`);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://localhost:${port}/`);
  const frame = page.frameLocator('iframe');
  await expect(
    frame.getByRole('slider', { name: 'Knife: time' }),
  ).toHaveAttribute('aria-valuetext', 't = 1 of 5', { timeout: 15_000 });
  await expect(frame.getByRole('navigation')).toHaveCount(0);
  await expect(frame.getByText('HTML for other pages')).toHaveCount(0);
  server.close();
  server.closeAllConnections();
});

test('from the disk, without any server', async ({ page }) => {
  const file = join(import.meta.dirname, '../dist/unnoise_processes.html');
  await page.goto(`${pathToFileURL(file).href}#process=brownian_motion`);
  await arrived(page);
  await expect(row(page, 'Fokker–Planck')).toBeVisible();
});
