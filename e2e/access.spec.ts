// The page for everybody: axe, keyboard alone, small screens, little motion,
// frames of other sites, and browsers that lack something.

import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, expectAccessible, frames, test } from './lab';

test('axe finds nothing, light or dark', async ({ lab, page }) => {
  await lab.open('steps=20');
  await lab.train(20);
  await lab.unfold();
  await page.getByRole('button', { name: 'Data → noise' }).click();
  await page.getByRole('button', { name: 'Stop playing' }).click();
  await expectAccessible(page);
});

test('works by keyboard alone', async ({ lab, page }) => {
  await lab.open('steps=30');
  await expect(lab.step).toHaveText('0');
  const focusOn = async (name: string) => {
    for (let i = 0; i < 40; ++i) {
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
  await focusOn('Train');
  await page.keyboard.press('Enter');
  await lab.trained(30);
  await page.keyboard.press('ArrowLeft');
  await expect(lab.time).toHaveAttribute('max', '50');
  await expect(lab.time).toHaveValue('49');
  await page.keyboard.press('d');
  await expect(
    page.getByRole('button', { name: 'Data → noise' }),
  ).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('2');
  await expect(
    page.getByRole('checkbox', { name: 'Samples' }),
  ).not.toBeChecked();
  await page.keyboard.press('r');
  await expect(lab.step).toHaveText('0');
});

test('single keys can be turned off', async ({ lab, page }) => {
  await lab.open('steps=10');
  await lab.train(10);
  await page.getByText('Keyboard', { exact: true }).click();
  await page.getByLabel('Single keys act on the page').uncheck();
  await page.locator('h1').click();
  await page.keyboard.press('r');
  await frames(page);
  await expect(lab.step).toHaveText('10');
});

test('fits small screens, with large targets', async ({ lab, page }) => {
  await lab.open('steps=15');
  await lab.train(15);
  await lab.unfold();
  for (const width of [320, 390, 768]) {
    await page.setViewportSize({ width, height: 700 });
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth,
    );
    expect(wide).toBeLessThanOrEqual(width);
    const small = await page
      .locator('button:visible')
      // "Default" beside a label has its target around the words.
      .evaluateAll((buttons) =>
        buttons
          .filter((button) => !button.classList.contains('back'))
          .map((button) => ({
            name: button.textContent.trim(),
            box: button.getBoundingClientRect(),
          }))
          .filter(({ box }) => Math.min(box.width, box.height) < 43.5)
          .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`),
      );
    expect.soft(small, `at ${width}`).toEqual([]);
  }
});

test('says in words what the picture shows', async ({ lab, page }) => {
  await lab.open('steps=60');
  await lab.train(60);
  const plot = page.getByRole('img', { name: 'Plot of data and samples' });
  await expect(plot).toHaveAccessibleDescription(
    /1,000 data points \(Two moons\).*600 samples of the model/,
  );
  await page.getByText('Loss as a table').click();
  const rows = page.getByRole('table', { name: 'Training loss' });
  await expect(rows.getByRole('row').last()).toContainText('60');
  await expect(page.locator('#progress')).toContainText('Step 60 of 60');
});

test('nothing moves unasked where motion is unwanted', async ({
  lab,
  page,
}) => {
  await lab.open('steps=20');
  await frames(page, 30);
  await expect(lab.step).toHaveText('0');
  await lab.train(20);
  await expect(
    page.getByText('Samples at step 20', { exact: true }),
  ).toBeVisible();
});

test.describe('where something is missing', () => {
  test('SIMD', async ({ page }) => {
    await page.addInitScript(() => {
      WebAssembly.validate = () => false;
    });
    await page.goto('./');
    await expect(page.getByRole('alert')).toContainText('SIMD is missing');
  });

  test('module workers', async ({ page }) => {
    await page.addInitScript(() => {
      delete (window as Partial<Window & typeof globalThis>).Worker;
    });
    await page.goto('./');
    await expect(page.getByRole('alert')).toContainText('Module workers');
  });

  // With threads or without.
  for (const file of ['unnoise*.mjs', 'unnoise*.wasm']) {
    test(file, async ({ page }) => {
      await page.route(`**/${file}`, (route) => route.abort());
      await page.goto('./');
      await expect(page.getByRole('alert')).toContainText(
        'engine could not be loaded',
      );
      await expect(page.getByRole('button', { name: 'Reload' })).toBeVisible();
    });
  }
});

test('works in a frame of another site', async ({ lab, page, baseURL }) => {
  await lab.move();
  const host = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<title>Course</title><iframe title="lab" width="900" height="900" src="${baseURL}/#network.width=16&steps=20"></iframe>`,
    );
  }).listen(0, 'localhost');
  await once(host, 'listening');
  const { port } = host.address() as AddressInfo;
  try {
    await page.goto(`http://localhost:${port}/`);
    const frame = page.frameLocator('iframe');
    await expect(frame.locator('[data-action=train]')).toHaveText('Train on', {
      timeout: 20_000,
    });
    await expect(frame.locator('output')).toHaveText(/^[0-9a-f]{16}$/);
    expect(lab.errors).toEqual([]);
  } finally {
    host.close();
  }
});

test('asks nothing of other hosts and stores nothing', async ({
  lab,
  page,
  baseURL,
}) => {
  const hosts = new Set<string>();
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http')) hosts.add(url.origin);
  });
  await lab.open('steps=5');
  await lab.train(5);
  expect([...hosts]).toEqual([baseURL]);
  const stored = await page.evaluate(() => [
    localStorage.length,
    sessionStorage.length,
    document.cookie,
  ]);
  expect(stored).toEqual([0, 0, '']);
});
