// What goes out and comes back in: links, files, commands.

import { zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { toCsv, toNpy } from '../web/src/store/export';
import { expect, test } from './lab';

const CSV = Array.from(
  { length: 120 },
  (_, i) => `${Math.cos(i / 19)},${Math.sin(i / 19)}`,
).join('\n');

/** Bytes as numpy.save writes an array of them. */
function npyOf(bytes: Uint8Array): Uint8Array {
  const shape = `(${bytes.length},)`;
  const header =
    `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117);
  const magic = [0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0];
  return Uint8Array.of(...magic, ...Buffer.from(`${header}\n`), ...bytes);
}

test('a link opens what it was copied from', async ({ lab, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lab.open('data=rings&seed=9&steps=25');
  await lab.train(25);
  await lab.button('share').click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toMatch(
    /#v=1&sum=\w{8}&data=rings&network\.width=16&batch=64&seed=9&steps=25$/,
  );
  const bits = await lab.bits();
  await lab.visit(link);
  await lab.train(25);
  await expect(lab.fingerprint).toHaveText(bits);
  await expect(page.getByRole('radio', { name: 'Rings' })).toBeChecked();
});

test('a cut or edited link is told, and the rest is shown', async ({
  lab,
  page,
}) => {
  await lab.open('v=1&data=rings&network.widht=64&seed=many&steps=20&view.di');
  await expect(lab.notices).toContainText('network.widht');
  await expect(lab.notices).toContainText('seed=many');
  await expect(lab.notices).toContainText('view.di');
  await expect(page.getByRole('radio', { name: 'Rings' })).toBeChecked();
  await lab.train(20);
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(lab.notices.locator('.notice')).toHaveCount(0);
});

test('another hash in the same page opens', async ({ lab, page }) => {
  await lab.open('steps=10');
  await lab.train(10);
  await lab.follow('data=pinwheel&network.width=16&steps=12');
  await lab.trained(12);
  await expect(page.getByRole('radio', { name: 'Pinwheel' })).toBeChecked();
});

test('a hash opens even if the page writes its own at once', async ({
  lab,
  page,
}) => {
  await lab.open('steps=10');
  await lab.train(10);
  await page.evaluate(() => {
    const own = location.hash;
    location.hash = 'data=pinwheel&network.width=16&steps=12';
    history.replaceState(null, '', own);
  });
  await lab.trained(12);
  await expect(page.getByRole('radio', { name: 'Pinwheel' })).toBeChecked();
});

test('a CSV becomes the data, and travels in the link', async ({
  lab,
  page,
}) => {
  await lab.open('steps=20');
  await lab.addFile('my points.csv', `x,y\n${CSV}\n`);
  await expect(page.getByText('120 points with 2 coordinates')).toBeVisible();
  await lab.train(20);
  await expect(page.locator('pre').first()).toContainText(
    "'data=my points.csv'",
  );
  const bits = await lab.bits();
  const link = await lab.link();
  expect(link).toContain('&points=');
  await lab.visit(link);
  await lab.train(20);
  await expect(lab.fingerprint).toHaveText(bits);
  await expect(lab.notices.locator('.notice')).toHaveCount(0);

  for (const name of ['Two moons', 'my points.csv']) {
    await lab.opening(() => page.getByRole('radio', { name }).check());
    await lab.trained(20);
  }
  await expect(lab.fingerprint).toHaveText(bits);
});

test('a CSV may be dropped on the page', async ({ lab, page }) => {
  await lab.open('steps=5');
  const transfer = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.csv'));
    return transfer;
  }, CSV);
  await page.dispatchEvent('.page', 'drop', { dataTransfer: transfer });
  await expect(page.getByText('dropped.csv: 120 points')).toBeVisible();
});

test('a bad CSV is told, and what was shown is kept', async ({ lab, page }) => {
  await lab.open('steps=15');
  await lab.train(15);
  const bad = {
    text: '1,2\n3,four\n',
    ragged: '1,2\n3\n',
    nan: '1,2\nnan,3\n',
    empty: '',
    one_row: '1,2\n',
  };
  for (const [name, text] of Object.entries(bad)) {
    const file = `${name}.csv`;
    await lab.addFile(file, text);
    await expect(lab.notices).toContainText(`${file} could not be read`);
    await expect(lab.notices.locator('li').first()).toContainText(file);
    await expect(lab.step).toHaveText('15');
    await expect(page.getByRole('radio', { name: 'Two moons' })).toBeChecked();
  }
});

test('NPY, NPZ and TSV become the data too', async ({ lab, page }) => {
  await lab.open('steps=5');
  const values = Float32Array.from({ length: 60 }, (_, i) => Math.sin(i * i));
  const npy = toNpy(values, 2);
  await lab.addFile('cloud.npy', npy);
  await expect(page.getByText('cloud.npy: 30 points with 2 c')).toBeVisible();
  await lab.train(5);
  const bits = await lab.bits();
  const tsv = toCsv(values, 2).replaceAll(',', '\t');
  await lab.opening(() => lab.addFile('cloud.tsv', tsv));
  await expect(page.getByText('cloud.tsv: 30 points with 2 c')).toBeVisible();
  await lab.trained(5);
  await expect(lab.fingerprint).toHaveText(bits);

  // An archive as NumPy packs it, with a label for each point.
  const y = npyOf(Uint8Array.from({ length: 30 }, (_, i) => i % 3));
  for (const level of [0, 6] as const) {
    const name = `level${level}.npz`;
    const npz = zipSync({ 'x.npy': npy, 'y.npy': y }, { level });
    await lab.opening(() => lab.addFile(name, npz));
    await expect(
      page.getByText(`${name}: 30 points with 2 coordinates. 3 labels`),
    ).toBeVisible();
    await lab.trained(5);
    await expect(lab.fingerprint).toHaveText(bits);
  }

  // Another page gets the points alone, so its command reads the saved CSV.
  await lab.visit(await lab.link());
  await lab.train(5);
  await expect(lab.fingerprint).toHaveText(bits);
  await expect(page.getByText('It reads level6.csv')).toBeVisible();
  await expect(page.locator('pre').first()).toContainText('data=level6.csv');
});

test('files that are none of these are told by name', async ({ lab, page }) => {
  await lab.open('steps=5');
  await lab.train(5);
  const npy = toNpy(Float32Array.of(0, 1, 1, 0), 2);
  const rubbish = {
    'cut.npy': npy.subarray(0, npy.length - 3),
    'head.npy': npy.subarray(0, 20),
    'cut.npz': zipSync({ 'x.npy': npy }).subarray(0, 60),
    'noise.npz': Uint8Array.from({ length: 999 }, (_, i) => (i * i) % 251),
    'empty.npz': new Uint8Array(),
    'nan.npy': toNpy(Float32Array.of(0, NaN, 1, 0), 2),
    'picture.png': Buffer.from('\x89PNG\r\n\x1a\n'.repeat(40), 'latin1'),
  };
  for (const [file, content] of Object.entries(rubbish)) {
    await lab.addFile(file, content);
    await expect(lab.notices).toContainText(`${file} could not be read`);
    await expect(lab.notices.locator('li').first()).toContainText(file);
  }
  // Larger than the page reads.
  const transfer = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    const part = new Uint8Array(2 ** 20);
    const parts = Array.from({ length: 70 }, () => part);
    transfer.items.add(new File(parts, 'huge.csv'));
    return transfer;
  });
  await page.dispatchEvent('.page', 'drop', { dataTransfer: transfer });
  await expect(lab.notices).toContainText('The file has 70 MB');
  await expect(lab.step).toHaveText('5');
  await expect(page.getByRole('radio', { name: 'Two moons' })).toBeChecked();
});

test('a million lines are read while the page goes on', async ({
  lab,
  page,
}) => {
  test.slow();
  await lab.open('steps=5');
  const { turns, longest, whole } = await page.evaluate(async () => {
    const lines = Array.from(
      { length: 1_000_000 },
      (_, i) => `${(i % 1000) / 1000},${((i * 7) % 1013) / 1013}`,
    );
    const transfer = new DataTransfer();
    transfer.items.add(new File([lines.join('\n')], 'million.csv'));
    const app = document.querySelector('unnoise-app')?.shadowRoot;
    const began = performance.now();
    let before = began;
    let longest = 0;
    let turns = 0;
    app
      ?.querySelector('.page')
      ?.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true }),
      );
    while (
      !app
        ?.querySelector('unnoise-data-panel')
        ?.shadowRoot?.textContent?.includes('million.csv: 1,000,000 points')
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      const now = performance.now();
      longest = Math.max(longest, now - before);
      before = now;
      ++turns;
    }
    return { turns, longest, whole: before - began };
  });
  // Reading takes a second or more, in the worker; the page itself only hands
  // on bytes. On a busy machine both take longer.
  expect(turns).toBeGreaterThan(10);
  expect(longest).toBeLessThan(whole / 2);
  await lab.train(5);
  await expect(page.getByText('also needs million.csv')).toBeVisible();
});

test('points that fit no link are asked for', async ({ lab, page }) => {
  await lab.open('steps=10');
  const many = Array.from(
    { length: 2500 },
    (_, i) => `${i % 50},${i % 49}`,
  ).join('\n');
  await lab.addFile('many.csv', many);
  await expect(page.getByText('also needs many.csv')).toBeVisible();
  await lab.train(10);
  const bits = await lab.bits();
  const link = await lab.link();
  expect(link).not.toContain('points=e');
  await lab.visit(link);
  await expect(lab.notices).toContainText('Add many.csv');
  await lab.opening(() => lab.addFile('many.csv', many));
  await expect(lab.notices).not.toContainText('Add many.csv');
  await lab.train(10);
  await expect(lab.fingerprint).toHaveText(bits);
});

test('samples and the run are saved', async ({ lab, page }) => {
  await lab.open('steps=15');
  await lab.train(15);
  const save = async (button: string) => {
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: button, exact: true }).click();
    const download = await waiting;
    const bytes = readFileSync(await download.path());
    return { name: download.suggestedFilename(), bytes };
  };
  const csv = await save('Samples, CSV');
  expect(csv.name).toBe('samples-step-15.csv');
  const lines = csv.bytes.toString().trim().split('\n');
  expect(lines.length).toBe(601);
  const npy = await save('Samples, NPY');
  const start = 10 + npy.bytes.readUInt16LE(8);
  expect(npy.bytes.length).toBe(start + 600 * 2 * 4);
  const [x] = (lines[1] ?? '').split(',').map(Number);
  expect(Math.fround(x ?? NaN)).toBe(npy.bytes.readFloatLE(start));
  const run = await save('Run');
  expect(run.name).toBe('two_moons-15.safetensors');
  const length = Number(run.bytes.readBigUInt64LE(0));
  const header = JSON.parse(
    run.bytes.subarray(8, 8 + length).toString(),
  ) as Record<string, Record<string, string>>;
  expect(header['__metadata__']?.['step']).toBe('15');
});
