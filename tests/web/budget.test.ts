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
 * Bytes, by module. The page that trains carries everything that a model can be:
 * networks, optimizers, every path, sampler and data set, the exact world of each,
 * and files; a laboratory carries what it shows.
 */
const BUDGETS: Record<string, number> = {
  unnoise: 320_000,
  unnoise_solvers: 210_000,
  unnoise_processes: 175_000,
};
const budgetOf = (module: string): number => BUDGETS[module] ?? 0;
/** What is carried in a single file is text, which costs some 3 % of it. */
const SINGLE = 1.03;
const THREADS_BUDGET = 25_000; // What threads may add.
const dist = join(import.meta.dirname, '../../dist');

/** Made of a page's files; each is all that its reader loads. */
const SINGLE_FILES = [
  ['unnoise.html', 'unnoise'],
  ['embed.html', 'unnoise'],
  ['unnoise_processes.html', 'unnoise_processes'],
  ['processes_embed.html', 'unnoise_processes'],
  ['unnoise_solvers.html', 'unnoise_solvers'],
  ['solvers_embed.html', 'unnoise_solvers'],
] as const;

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

  it('keeps to its weight as gzip, page and wasm', () => {
    const weight = weightOf([...page, ...module(name)]);
    expect(weight).toBeLessThanOrEqual(budgetOf(name));
  });

  if (name !== 'unnoise') return;
  it('weighs little more with threads', () => {
    const threads = [
      ...module('unnoise_threads'),
      'wasm/unnoise_threads.worker.js',
    ];
    expect(weightOf([...page, ...threads])).toBeLessThanOrEqual(
      budgetOf(name) + THREADS_BUDGET,
    );
  });
});

it.each(SINGLE_FILES)('%s weighs little more', (name, module) => {
  const file = readFileSync(join(dist, name));
  expect(gzipSync(file, { level: 9 }).length).toBeLessThanOrEqual(
    SINGLE * budgetOf(module),
  );
});
