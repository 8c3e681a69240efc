// The pages' weight, compressed: of each page of many files everything that it
// loads, with the plain module or with the threaded one that is taken in its
// stead, and each single file. Needs the built pages, which `npm test` makes
// first.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PAGES } from '../../web/pages';

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

/** Made of a page's files; each is all that its reader loads. */
const SINGLE = [
  ...['unnoise.html', 'embed.html'],
  ...['unnoise_processes.html', 'processes_embed.html'],
  ...['unnoise_solvers.html', 'solvers_embed.html'],
];

const assets = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /^assets.*\.(js|css)$/.test(file),
);

/** A document and whatever it, and what it loads, names. */
function loadedBy(page: string): string[] {
  const loaded = [page];
  for (const file of loaded) {
    const text = readFileSync(join(dist, file), 'utf8');
    for (const other of assets) {
      if (!loaded.includes(other) && text.includes(basename(other))) {
        loaded.push(other);
      }
    }
  }
  return loaded;
}

const weightOf = (files: string[]) =>
  files.reduce(
    (sum, file) =>
      sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length,
    0,
  );
const module = (name: string) => [`wasm/${name}.mjs`, `wasm/${name}.wasm`];

describe.each(PAGES)('$file', ({ file, module: name }) => {
  const page = loadedBy(file);

  it('loads script, style and a worker', () => {
    for (const kind of [/\.js$/, /\.css$/, /worker-[^/]*\.js$/]) {
      expect(page.filter((each) => kind.test(each))).not.toEqual([]);
    }
  });

  it('weighs at most 300 KB as gzip, page and wasm', () => {
    expect(weightOf([...page, ...module(name)])).toBeLessThanOrEqual(BUDGET);
  });

  if (name !== 'unnoise') return;
  it('weighs little more with threads', () => {
    const threads = [
      ...module('unnoise_threads'),
      'wasm/unnoise_threads.worker.js',
    ];
    expect(weightOf([...page, ...threads])).toBeLessThanOrEqual(
      BUDGET + THREADS_BUDGET,
    );
  });
});

it.each(SINGLE)('%s weighs little more', (name) => {
  const file = readFileSync(join(dist, name));
  expect(gzipSync(file, { level: 9 }).length).toBeLessThanOrEqual(
    SINGLE_BUDGET,
  );
});
