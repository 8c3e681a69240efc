// Two ways: a run goes from the command line to the page and back, and ends in
// the bits of one that was never moved.

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test as base, type LabPage } from './lab';

const program = join(import.meta.dirname, '../build/native/unnoise');
/** README's tour at step 200. */
const TOUR = 'ac06fcc217a59ac9';
const tour = ['data=two_moons', 'network.width=64', 'batch=256', '--seed', '7'];

const cli = (...words: string[]) =>
  execFileSync(program, words, { encoding: 'utf8' }).trim();

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    expect(existsSync(program), 'build the native preset first').toBe(true);
    const folder = mkdtempSync(join(tmpdir(), 'unnoise-'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

async function openRun(lab: LabPage, files: string[]): Promise<void> {
  await lab.page.getByLabel('A run: its file').setInputFiles(files);
}

async function trainTo(lab: LabPage, step: number): Promise<void> {
  await lab.page.getByLabel('Train until step').fill(String(step));
  await lab.page.getByLabel('Train until step').press('Enter');
  await lab.train(step);
}

async function download(lab: LabPage, path: string): Promise<string> {
  const waiting = lab.page.waitForEvent('download');
  await lab.page.getByRole('button', { name: 'Run', exact: true }).click();
  const download = await waiting;
  await download.saveAs(path);
  return download.suggestedFilename();
}

test('the page goes on with a run of the command line', async ({
  lab,
  folder,
}) => {
  const run = join(folder, 'run');
  cli('train', ...tour, '--steps', '100', '--out', run, '--quiet');
  const half = cli('fingerprint', run);
  await lab.open('steps=5');
  await lab.train(5);
  await openRun(lab, [
    join(run, 'model.safetensors'),
    join(run, 'metrics.jsonl'),
  ]);
  await lab.trained(100);
  await expect(lab.fingerprint).toHaveText(half);
  await expect(lab.loss).not.toHaveText('–');
  await trainTo(lab, 200);
  await expect(lab.fingerprint).toHaveText(TOUR);
});

test('the command line goes on with a run of the page', async ({
  lab,
  page,
  folder,
}) => {
  await page.goto(
    './#data=two_moons&network.width=64&batch=256&seed=7&steps=100',
  );
  await lab.train(100);
  const file = join(folder, 'download.safetensors');
  expect(await download(lab, file)).toBe('two_moons-100.safetensors');
  expect(cli('fingerprint', file)).toBe(await lab.bits());
  const run = join(folder, 'run');
  cli('train', '--resume', file, '--steps', '200', '--out', run, '--quiet');
  expect(cli('fingerprint', run)).toBe(TOUR);
  // The metrics of both stand in one file, a line a step up to 100.
  const steps = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { step?: number }).step);
  expect(steps.slice(1, 103)).toEqual([
    ...Array.from({ length: 100 }, (_, i) => i + 1),
    110,
    120,
  ]);
});

test('own points travel with their run', async ({ lab, page, folder }) => {
  const csv = join(folder, 'own.csv');
  writeFileSync(csv, '0,1\n2,3\n4,7\n1,1\n-1,0.5\n');
  const run = join(folder, 'run');
  const words = [`data=${csv}`, 'network.width=8', 'batch=16', '--quiet'];
  cli('train', ...words, '--steps', '20', '--out', run);
  cli('train', ...words, '--steps', '60', '--out', join(folder, 'whole'));
  const whole = cli('fingerprint', join(folder, 'whole'));
  await lab.open('steps=5');
  // Without them the page says which file is missing.
  await openRun(lab, [join(run, 'model.safetensors')]);
  await expect(lab.notices).toContainText('give the data.npy');
  await openRun(
    lab,
    ['model.safetensors', 'data.npy'].map((name) => join(run, name)),
  );
  await lab.trained(20);
  await expect(lab.notices).not.toContainText('data.npy');
  await trainTo(lab, 40);
  const file = join(folder, 'download.safetensors');
  await download(lab, file);
  cli(
    'train',
    '--resume',
    file,
    '--steps',
    '60',
    '--quiet',
    '--out',
    join(folder, 'on'),
  );
  expect(cli('fingerprint', join(folder, 'on'))).toBe(whole);
  // And the page takes its own download, by a drop anywhere.
  await page.goto('about:blank');
  await lab.open('steps=5');
  const bytes = [...readFileSync(file)];
  await page.locator('unnoise-app .page').evaluate((element, bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(bytes)], 'a.safetensors'));
    const init = { dataTransfer: transfer, bubbles: true, composed: true };
    element.dispatchEvent(new DragEvent('drop', init));
  }, bytes);
  await lab.trained(40);
  await trainTo(lab, 60);
  await expect(lab.fingerprint).toHaveText(whole);
});

test('a run that started from given weights goes on, and no link holds it', async ({
  lab,
  page,
  folder,
}) => {
  const torch = join(import.meta.dirname, '../tests/core/fixtures/torch');
  const run = join(folder, 'run');
  cli(
    'train',
    ...['network.width=8', 'network.depth=2', 'batch=16', '--quiet'],
    ...['--weights', join(torch, 'net_silu.safetensors')],
    ...['--map', join(torch, 'map.json')],
    ...['--steps', '20', '--out', run],
  );
  await lab.open('steps=5');
  await lab.train(5);
  await openRun(lab, [join(run, 'model.safetensors')]);
  await lab.trained(20);
  await trainTo(lab, 40);
  const file = join(folder, 'download.safetensors');
  await download(lab, file);
  const bits = await lab.bits();
  cli('train', '--resume', run, '--steps', '40', '--quiet');
  expect(cli('fingerprint', run)).toBe(bits);
  expect(cli('fingerprint', file)).toBe(bits);

  await expect(
    page.getByText('also needs the weights b91b79cea8d9e486'),
  ).toBeVisible();
  // Back at step 0 they would be needed again.
  await lab.button('reset').click();
  await expect(lab.notices).toContainText('unnoise train --weights FILE');
  await expect(lab.step).toHaveText('40');
  const link = await lab.link();
  expect(link).toContain('weights=b91b79cea8d9e486');
  await lab.visit(link);
  await expect(lab.notices).toContainText('which a link cannot hold');
  await lab.train(40);
  await expect(lab.fingerprint).not.toHaveText(bits);
});

test('foreign, newer and cut files are refused by a sentence', async ({
  lab,
  page,
  folder,
}) => {
  await lab.open('steps=15');
  await lab.train(15);
  const file = join(folder, 'a.safetensors');
  await download(lab, file);
  const good = readFileSync(file);
  for (const [bytes, sentence] of [
    [Buffer.from('hello'), 'not a whole safetensors file'],
    [good.subarray(0, 1000), 'not a whole safetensors file'],
    [
      Buffer.from(
        good.toString('latin1').replace('unnoise 2', 'unnoise 9'),
        'latin1',
      ),
      'format 9',
    ],
  ] as const) {
    writeFileSync(file, bytes);
    await openRun(lab, [file]);
    await expect(lab.notices).toContainText(sentence);
    await expect(lab.step).toHaveText('15');
  }
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(lab.notices.locator('.problem')).toHaveCount(0);
});
