// The solver laboratory: ways, errors and chart, the same table as the command
// line's, samplers added and taken away, and the page for everybody.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, frames, inked, picture, test } from './lab';

const program = join(import.meta.dirname, '../build/native/unnoise');
const SMALL =
  'data=rings&n=60&seed=3&steps=1,2,4,8,16&solver.1=ddim%20sampler.steps%3D5&solver.2=ode%20sampler.steps%3D5&solver.3=ddpm%20sampler.steps%3D5';

/** Opens it and waits until all errors are measured. */
async function open(page: Page, words = SMALL): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`./solvers.html#${words}`);
  await measured(page);
}

async function measured(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const state = document.querySelector('unnoise-solvers')?.lab.state;
    return (
      state?.errors &&
      !state.measuring &&
      state.errors.done === state.errors.pieces
    );
  });
}

const chart = (page: Page) => page.locator('unnoise-errors-chart canvas');
const plots = (page: Page) => page.locator('unnoise-solver-plot canvas');

test.beforeEach(({ lab }) => {
  void lab; // Fails on any error in the console.
});

test('three samplers go their ways from one start, and are measured', async ({
  page,
}) => {
  await open(page, '');
  await expect(plots(page)).toHaveCount(3);
  const time = page.getByRole('slider', { name: 'Time t' });
  await time.fill('1');
  await frames(page, 3);
  const start = await picture(plots(page).nth(0));
  expect(start).not.toBe('');
  expect(await picture(plots(page).nth(1))).toBe(start);
  await time.fill('0');
  await frames(page, 3);
  const ends = await picture(plots(page).nth(0));
  expect(ends).not.toBe(start);
  expect(await picture(plots(page).nth(1))).not.toBe(ends);
  // A sampler of order 1 is told to be one.
  await expect(chart(page)).toHaveAttribute(
    'aria-label',
    /^Error against.* DDIM: from .* Observed order 1\.0\./,
  );
});

test('the table is the command line’s, to the byte', async ({ page }) => {
  expect(existsSync(program), 'build the native preset first').toBe(true);
  await open(page);
  const command = await page
    .getByRole('region', { name: 'The same table on the command line' })
    .innerText();
  const folder = mkdtempSync(join(tmpdir(), 'unnoise-'));
  execFileSync('/bin/sh', ['-c', command.replace(/^unnoise/, program)], {
    cwd: folder,
    stdio: 'pipe',
  });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Table, CSV' }).click();
  const file = await (await download).path();
  const text = readFileSync(join(folder, 'errors.csv'), 'utf8');
  expect(text.split('\n')).toHaveLength(1 + 3 * 5 + 1);
  expect(readFileSync(file, 'utf8')).toBe(text);
  rmSync(folder, { recursive: true });
});

test('the chart has its numbers as a table', async ({ page }) => {
  await open(page);
  await page.getByText('Errors as a table').click();
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(1 + 3 * 5 + 1);
  await expect(rows.nth(1)).toHaveText(/^\s*DDIM\s*1\s*1\s*[\d.]+\s*[\d.]+/);
  // What has chance has no error of the ways.
  await expect(rows.nth(11)).toHaveText(/^\s*DDPM\s*1\s*1\s*–\s*[\d.]+/);
  await expect(rows.last()).toContainText('Floor');
  const before = await picture(chart(page));
  await page.getByRole('button', { name: 'Error of the law' }).click();
  await frames(page, 3);
  expect(await picture(chart(page))).not.toBe(before);
  expect(page.url()).toContain('error=law');
});

test('samplers are set, added and taken away', async ({ page }) => {
  await open(page);
  const second = page.getByRole('region', { name: /^Sampler 2/ });
  await second.getByRole('combobox', { name: 'Sampler' }).selectOption('DEIS');
  await measured(page);
  await expect(page.locator('figcaption').nth(1)).toContainText('DEIS');
  await expect(page.locator('figcaption').nth(1)).toContainText('5 steps');
  await page.getByRole('button', { name: 'Add a sampler' }).click();
  await expect(plots(page)).toHaveCount(4);
  await measured(page);
  await page
    .getByRole('region', { name: /^Sampler 1/ })
    .getByRole('button', { name: 'Remove' })
    .click();
  await expect(plots(page)).toHaveCount(3);
  // The keyboard stays where it was: at what took the place.
  await expect(
    page
      .getByRole('region', { name: /^Sampler 1/ })
      .getByRole('button', { name: 'Remove' }),
  ).toBeFocused();
  await measured(page);
  await expect.poll(() => inked(plots(page).first())).toBeGreaterThan(100);
  // The address holds it all.
  const url = page.url();
  await open(page, new URL(url).hash.slice(1));
  await expect(page.locator('figcaption').first()).toContainText('DEIS');
  expect(page.url()).toBe(url);
});

test('what cannot be used is told beside its field', async ({ page }) => {
  await open(page, `${SMALL}&path.t_min=7`);
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices).toContainText('path.t_min');
  const counts = page.getByLabel('Numbers of steps');
  await counts.fill('1, 5000');
  await counts.press('Enter');
  await expect(page.getByText('Give up to 20 whole numbers')).toBeVisible();
  await expect(counts).toHaveAttribute('aria-invalid', 'true');
  await counts.fill('2, 3');
  await counts.press('Enter');
  await measured(page);
  await expect(counts).toHaveAttribute('aria-invalid', 'false');
  await expect(counts).toHaveValue('2, 3');
});

test('measuring stops when asked', async ({ page }) => {
  await page.goto('about:blank');
  await page.goto(`./solvers.html#${SMALL}&n=5000`.replace('n=60&', ''));
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const done = () =>
    page.evaluate(
      () => document.querySelector('unnoise-solvers')?.lab.state.errors?.done,
    );
  await frames(page, 5);
  const now = await done();
  await frames(page);
  expect(await done()).toBe(now);
  await expect(
    page.getByRole('button', { name: 'Measure again' }),
  ).toBeVisible();
});

test('works by keyboard alone', async ({ page }) => {
  await open(page);
  const focusOn = async (name: string) => {
    for (let i = 0; i < 60; ++i) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return `${at?.textContent ?? ''} ${at?.getAttribute('aria-label') ?? ''}`;
      });
      if (found.includes(name)) return;
    }
    throw new Error(`cannot tab to ${name}`);
  };
  await focusOn('Time t');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('slider', { name: 'Time t' })).toHaveValue(
    '0.005',
  );
  await focusOn('Error of the law');
  await page.keyboard.press('Space');
  await expect(
    page.getByRole('button', { name: 'Error of the law' }),
  ).toHaveAttribute('aria-pressed', 'true');
  await focusOn('Add a sampler');
  await page.keyboard.press('Enter');
  await expect(plots(page)).toHaveCount(4);
});

test('axe finds nothing, light or dark', async ({ lab, page }) => {
  await open(page);
  await lab.unfold();
  await expectAccessible(page);
});

test('fits a phone, where targets are large enough', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  await expect.poll(() => inked(chart(page))).toBeGreaterThan(1000);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - innerWidth,
  );
  expect(wide).toBeLessThanOrEqual(0);
  const play = await page.getByRole('button', { name: 'Play' }).boundingBox();
  expect(Math.min(play!.width, play!.height)).toBeGreaterThanOrEqual(44);
  await page.getByRole('button', { name: 'Play' }).click();
  await expect(
    page.getByRole('button', { name: 'Stop playing' }),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Play' })).toBeVisible({
    timeout: 15_000,
  });
});

test('one file alone, in a sandboxed frame and from the disk', async ({
  page,
}) => {
  const { origin } = new URL((await page.request.get('./')).url());
  const src = `${origin}/solvers_embed.html#${SMALL.replaceAll('&', '&amp;')}`;
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
  await expect(frame.locator('unnoise-errors-chart canvas')).toHaveAttribute(
    'aria-label',
    /DDIM: from/,
    { timeout: 20_000 },
  );
  await expect(frame.getByRole('navigation')).toHaveCount(0);
  server.close();
  server.closeAllConnections();

  const file = join(import.meta.dirname, '../dist/unnoise_solvers.html');
  await page.goto(`${pathToFileURL(file).href}#${SMALL}`);
  await measured(page);
});

test('leads to the other pages', async ({ page }) => {
  await open(page);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  await expect(pages.getByRole('link', { name: 'Solvers' })).toHaveAttribute(
    'aria-current',
    'page',
  );
  await pages.getByRole('link', { name: 'Models' }).click();
  await expect(page).toHaveTitle(/watch noise become data/);
  await pages.getByRole('link', { name: 'Solvers' }).click();
  await expect(plots(page)).toHaveCount(3);
  await measured(page);
});
