// The catalogues of texts and their use: every key is used somewhere, and every
// key and parameter in use exists. Keys put together at run time are listed
// with what they are put together from.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LAYERS as PROCESS_LAYERS } from '../../web/src/processes/link';
import { LAYERS } from '../../web/src/store/link';
import { number, t } from '../../web/src/strings';

const catalogues = join(import.meta.dirname, '../../web/src/strings');
const english: Record<string, string> = {};
for (const file of readdirSync(catalogues)) {
  if (!file.endsWith('.json')) continue;
  const texts = JSON.parse(
    readFileSync(join(catalogues, file), 'utf8'),
  ) as Record<string, string>;
  for (const [key, text] of Object.entries(texts)) {
    if (key in english) throw new Error(`${key} is in two catalogues.`);
    english[key] = text;
  }
}
const folder = join(import.meta.dirname, '../../web/src');
const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');
const keys = Object.keys(english);

/** `start.${...}` in the code, and what may stand in the place of the dots. */
const MADE: Record<string, readonly string[]> = {
  action: LAYERS,
  draw: ['brush', 'eraser', 'size', 'flow'],
  layer: PROCESS_LAYERS,
  way: ['fokker_planck', 'kernel', 'closed_form'],
  pages: ['train', 'solvers', 'processes'],
  failed: ['wasm', 'simd', 'exceptions', 'workers', 'load'],
};

describe('the catalogue', () => {
  const groups = [...new Set(keys.map((key) => key.split('.')[0]))].join('|');
  const used = new Set(
    [...code.matchAll(new RegExp(`'((?:${groups})\\.\\w+)'`, 'g'))].map(
      ([, key]) => key!,
    ),
  );
  for (const [start, ends] of Object.entries(MADE)) {
    for (const end of ends) used.add(`${start}.${end}`);
  }

  it('lists every key that is put together', () => {
    const starts = [...code.matchAll(/`(\w+)\.\$\{/g)].map(
      ([, start]) => start,
    );
    const made = starts.filter((start) =>
      keys.some((key) => key.startsWith(`${start}.`)),
    );
    expect([...new Set(made)].sort()).toEqual(Object.keys(MADE).sort());
  });

  it('has no text that nobody shows', () => {
    expect(keys.filter((key) => !used.has(key))).toEqual([]);
  });

  it('has every text that somebody shows', () => {
    // Field paths such as 'data.file' look alike: a text's key is typed.
    const called = [...code.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(
      ([, key]) => key!,
    );
    expect(called.length).toBeGreaterThan(50);
    expect(called.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('names the parameters that its texts are given', () => {
    const calls = code.matchAll(/\bt\(\s*'([\w.]+)',\s*\{([^}]*)\}/g);
    for (const [, key, given] of calls) {
      const names = [...given!.matchAll(/(\w+)\s*(?=[,:]|$)/gm)].map(
        ([, name]) => name!,
      );
      const text = english[key!]!;
      for (const [, name] of text.matchAll(/\{(\w+)\}/g)) {
        expect(names, key).toContain(name);
      }
    }
  });

  it('writes numbers for people', () => {
    expect(t('stat.step')).toBe('Step');
    expect(t('plot.live', { step: 12_000 })).toBe('Samples at step 12,000');
    expect(
      [12_000, 0.41349, 3.1e-5, NaN].map((value) => number(value)),
    ).toEqual(['12,000', '0.413', '3.1e-5', '–']);
  });
});
