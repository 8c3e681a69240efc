// The page's weight, compressed: everything that the page of many files is
// served as, with the plain module or with the threaded one that is taken in its
// stead, and each single file. Needs the built page, which `npm test` makes
// first.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';

/**
 * Bytes. 250 KB were enough for one family's ops; the engine of all of them (of
 * which the page links what it uses), every path and sampler and the exact world
 * of each data set take some more.
 */
const BUDGET = 300_000;
/** What is carried in a single file is text, which costs some 3 % of it. */
const SINGLE_BUDGET = 1.03 * BUDGET;
const THREADS_BUDGET = 25_000; // What threads may add.
const dist = join(import.meta.dirname, '../../dist');

/** Made of the page's files; each is all that its reader loads. */
const SINGLE = ['unnoise.html', 'embed.html'];

it('weighs at most 300 KB as gzip, page and wasm', () => {
  const built = existsSync(join(dist, 'wasm/unnoise.wasm'));
  expect(built, 'build the wasm preset and the page first').toBe(true);
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !SINGLE.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const total = (some: string[]) =>
    some.reduce(
      (sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length,
      0,
    );
  const plain = /wasm.unnoise\.\w+$/;
  const threads = /wasm.unnoise_threads\.[\w.]+$/;
  expect(files.filter((file) => plain.test(file))).toHaveLength(2);
  expect(
    total(files.filter((file) => !threads.test(file))),
  ).toBeLessThanOrEqual(BUDGET);
  expect(total(files.filter((file) => !plain.test(file)))).toBeLessThanOrEqual(
    BUDGET + THREADS_BUDGET,
  );
});

it.each(SINGLE)('%s weighs little more', (name) => {
  const file = readFileSync(join(dist, name));
  expect(gzipSync(file, { level: 9 }).length).toBeLessThanOrEqual(
    SINGLE_BUDGET,
  );
});
