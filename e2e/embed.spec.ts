// The lab in other pages: frames of another site, sandboxed frames, local
// files and strict servers, each with the bits of the README's tour; its size,
// what it hides and locks, and its rest while it is out of view.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FrameLocator, Page } from '@playwright/test';
import { expect, frames, SMALL, test, violations } from './lab';

const dist = join(import.meta.dirname, '../dist');
/** The tour of the README and what it ends in. */
const TOUR = 'data=two_moons&network.width=64&batch=256&seed=7&steps=200';
const BITS = 'ac06fcc217a59ac9';
/** A frame starts its engine once it is seen, on a busy machine. */
const SLOW = { timeout: 15_000 };

/** As web/README.md gives it to teachers. */
const LISTENER = `<script>
  addEventListener('message', ({ data, source }) => {
    if (data?.type !== 'unnoise:size') return;
    for (const frame of document.querySelectorAll('iframe')) {
      if (frame.contentWindow !== source) continue;
      frame.style.height = Math.min(5000, Number(data.height)) + 'px';
    }
  });
</script>`;

/** As web/README.md gives it to those who serve the files. */
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' blob: 'wasm-unsafe-eval'; " +
  "worker-src blob:; style-src 'unsafe-inline'; img-src data:";

const servers: Server[] = [];
test.afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** Serves one page at the root of a site of its own. */
async function serve(
  body: string,
  headers: OutgoingHttpHeaders = {},
): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', ...headers });
    response.end(body);
  }).listen(0, 'localhost');
  servers.push(server);
  await once(server, 'listening');
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

/** A course page of another site with these frames. */
async function course(frames: string): Promise<string> {
  return serve(`<!doctype html><html lang="en"><title>Course</title>
    <meta name="viewport" content="width=device-width" />
    <main><h1>Course</h1>${frames}</main>${LISTENER}</html>`);
}

function frame(hash: string, more = '', height = 300): string {
  const src = `http://127.0.0.1:5190/embed.html#${hash.replaceAll('&', '&amp;')}`;
  return `<iframe title="lab" ${more} src="${src}"
    style="display: block; width: 100%; height: ${height}px; border: 0"></iframe>`;
}

const FORMS: Record<string, (page: Page) => Promise<FrameLocator | Page>> = {
  'a frame of another site': async (page) => {
    await page.goto(await course(frame(TOUR)));
    return page.frameLocator('iframe');
  },
  'a sandboxed frame': async (page) => {
    await page.goto(await course(frame(TOUR, 'sandbox="allow-scripts"')));
    return page.frameLocator('iframe');
  },
  'a local file': async (page) => {
    const file = pathToFileURL(join(dist, 'unnoise.html')).href;
    await page.goto(`${file}#${TOUR}`);
    return page;
  },
  'a page of a strict server': async (page) => {
    const file = readFileSync(join(dist, 'embed.html'), 'utf8');
    const url = await serve(file, { 'content-security-policy': POLICY });
    await page.goto(`${url}#${TOUR}`);
    return page;
  },
};

for (const [name, open] of Object.entries(FORMS)) {
  test(`${name} gives the bits of the command line`, async ({ lab, page }) => {
    await lab.move();
    const inside = await open(page);
    await expect(
      inside.getByRole('status', { name: 'Fingerprint' }),
    ).toHaveText(BITS, { timeout: 25_000 });
    await expect(inside.locator('[data-action=train]')).toHaveText('Train on');
    expect(lab.errors).toEqual([]);
  });
}

for (const width of [390, 1280]) {
  test(`a frame is as high as its lab, ${width} wide`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(await course(frame(`${SMALL}&steps=10&hide=share`)));
    const element = page.locator('iframe');
    const lab = page.frameLocator('iframe').locator('unnoise-app');
    const heights = async () => {
      const inside = await lab.evaluate((app) => ({
        lab: Math.ceil(app.getBoundingClientRect().height),
        page: document.documentElement.scrollHeight,
        wide: document.documentElement.scrollWidth - innerWidth,
      }));
      const outside = await element.evaluate((frame) => frame.clientHeight);
      return [outside - inside.lab, outside - inside.page, inside.wide];
    };
    await expect.poll(heights, SLOW).toEqual([0, 0, 0]);
    const before = await element.evaluate((frame) => frame.clientHeight);
    expect(before).toBeGreaterThan(400);
    // It follows what opens, and settles.
    const loss = page.frameLocator('iframe').getByText('Settings of');
    await loss.click();
    await expect.poll(heights, SLOW).toEqual([0, 0, 0]);
    const after = await element.evaluate((frame) => frame.clientHeight);
    expect(after).toBeGreaterThan(before);
    await frames(page, 15);
    expect(await element.evaluate((frame) => frame.clientHeight)).toBe(after);
  });
}

test('nothing starts out of view, and what ran rests there', async ({
  lab,
  page,
}) => {
  await lab.move();
  const gap = '<div style="height: 3000px"></div>';
  const endless = `${SMALL}&steps=1000000`;
  await page.goto(
    await course(
      `${frame(endless, 'id="first"')}${gap}${frame(endless, 'id="second"')}`,
    ),
  );
  const stepOf = async (id: string) => {
    const stat = page.frameLocator(`#${id}`).locator('dl.stats dd').first();
    return Number((await stat.textContent())?.replaceAll(',', ''));
  };
  await expect.poll(() => stepOf('first')).toBeGreaterThan(0);
  await expect(
    page.frameLocator('#second').locator('[data-action=train]'),
  ).toBeDisabled();
  await page.locator('#second').scrollIntoViewIfNeeded();
  await expect.poll(() => stepOf('second')).toBeGreaterThan(0);
  let held = 0;
  await expect(async () => {
    held = await stepOf('first');
    await frames(page, 20);
    expect(await stepOf('first')).toBe(held);
  }).toPass({ timeout: 10_000 });
  await page.locator('#first').scrollIntoViewIfNeeded();
  await expect.poll(() => stepOf('first')).toBeGreaterThan(held);
});

test('what the link hides is not there', async ({ lab, page }) => {
  await page.goto(
    `./#${SMALL}&steps=5&hide=header,timeline,layers,loss,data,experiment,share,help`,
  );
  await lab.button('train').click();
  await expect(lab.step).toHaveText('5');
  for (const tag of [
    'header:not(.unseen)',
    'unnoise-timeline',
    'unnoise-loss',
    'unnoise-data-panel',
    'unnoise-experiment',
    'unnoise-share',
    'unnoise-help',
  ]) {
    await expect(page.locator(tag), tag).toHaveCount(0);
  }
  await expect(page.getByRole('group', { name: 'Layers' })).toHaveCount(0);
  // Without their list and switch, single keys do nothing.
  await page.keyboard.press('r');
  await frames(page);
  await expect(lab.step).toHaveText('5');
});

test('what the link locks is shown, explained and kept', async ({
  lab,
  page,
}) => {
  await lab.move();
  await page.goto(
    `./#${SMALL}&steps=5&lock=data,seed,network.width,training,layers,steps`,
  );
  await lab.trained(5);
  await lab.unfold();
  const seed = page.getByRole('textbox', { name: 'Seed' });
  await expect(seed).toBeDisabled();
  await expect(seed).toHaveAccessibleDescription(/Locked by the link/);
  const width = page.getByRole('textbox', { name: 'Width', exact: true });
  await expect(width).toBeDisabled();
  const depth = page.getByRole('textbox', { name: 'Depth', exact: true });
  await expect(depth).toBeEnabled();
  await expect(page.getByLabel('Train until step')).toBeDisabled();
  await expect(page.getByRole('radio', { name: 'Rings' })).toBeDisabled();
  const layer = page
    .getByRole('group', { name: 'Layers' })
    .getByRole('checkbox', { name: 'Data' });
  await expect(layer).toBeDisabled();
  for (const action of ['train', 'step', 'reset']) {
    await expect(lab.button(action)).toBeDisabled();
  }
  await page.locator('h1').click();
  await page.keyboard.press('r');
  await page.keyboard.press('1');
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['1,2\n3,4\n'], 'dropped.csv'));
    return transfer;
  });
  await page.dispatchEvent('.page', 'drop', { dataTransfer: transfer });
  await frames(page);
  await expect(lab.step).toHaveText('5');
  await expect(layer).toBeChecked();
  await expect(page.getByRole('radio', { name: 'Two moons' })).toBeChecked();
  expect(await violations(page)).toEqual([]);
});

test('unknown flags are told', async ({ lab, page }) => {
  await page.goto(`./#${SMALL}&steps=5&hide=sky&lock=sea&theme=mud`);
  for (const name of ['sky', 'sea', 'mud']) {
    await expect(lab.notices).toContainText(name);
  }
});

for (const theme of ['light', 'dark'] as const) {
  test(`an embed is ${theme} where it is told to be`, async ({ lab, page }) => {
    const other = theme === 'dark' ? 'light' : 'dark';
    await page.emulateMedia({ colorScheme: other });
    await page.goto(`./embed.html#${SMALL}&steps=5&theme=${theme}`);
    await expect(lab.button('train')).toBeEnabled();
    const paper = await page.evaluate(
      () => getComputedStyle(document.documentElement).backgroundColor,
    );
    const [red = 0] = (/\d+/.exec(paper) ?? []).map(Number);
    expect(red > 128 ? 'light' : 'dark').toBe(theme);
    // Which colours stand on which is all that differs.
    const rules = theme === 'dark' ? ['color-contrast'] : undefined;
    expect(await violations(page, { rules })).toEqual([]);
  });
}

test('an embed leads to the whole lab', async ({ lab, page }) => {
  await page.goto(`./embed.html#${SMALL}&steps=5&hide=share&lock=data`);
  await lab.button('train').click();
  await expect(lab.step).toHaveText('5');
  await expect(page.locator('header:not(.unseen)')).toHaveCount(0);
  const opening = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Open in full page' }).click();
  const whole = await opening;
  await expect(whole.locator('header')).toBeVisible();
  await expect(whole.getByRole('radio', { name: 'Rings' })).toBeEnabled();
  await expect(whole.locator('[data-action=train]')).toBeEnabled();
  expect(whole.url()).toContain('network.width=16');
});

test('the panel gives HTML that works', async ({ lab, page }) => {
  await lab.open('data=rings&steps=5');
  await lab.train(5);
  await page.getByText('Embed in a page').click();
  await page.getByRole('checkbox', { name: 'Time line' }).uncheck();
  await page.getByRole('checkbox', { name: 'Lock the settings' }).check();
  await page.getByRole('combobox', { name: 'Colours' }).selectOption('dark');
  const code = page.getByRole('region', { name: 'HTML of the frame' });
  await expect(code).toContainText('hide=timeline,experiment,share');
  await expect(code).toContainText('theme=dark');
  const html = (await code.textContent()) ?? '';
  await page.goto(await serve(`<!doctype html><title>Course</title>${html}`));
  const inside = page.frameLocator('iframe');
  await expect(inside.locator('[data-action=train]')).toBeVisible();
  await expect(inside.locator('unnoise-timeline')).toHaveCount(0);
  await expect(inside.getByRole('radio', { name: 'Rings' })).toBeDisabled();
  const height = () =>
    page.locator('iframe').evaluate((frame) => frame.clientHeight);
  await expect.poll(height, SLOW).not.toBe(900);
});

test('the page can be taken away as one file', async ({ lab, page }) => {
  await lab.open('steps=5');
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'This page as one file' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('unnoise.html');
  expect(readFileSync(await download.path())).toEqual(
    readFileSync(join(dist, 'unnoise.html')),
  );
});
