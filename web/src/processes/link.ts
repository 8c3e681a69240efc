// The state of the process laboratory as an address:
// #process=ornstein_uhlenbeck&rate=2&n=500&seed=1&knife=1.5, the command line's
// own keys. What cannot be read is told with its place; the rest is shown.

import type { Problem } from '../engine/core';
import { quote, splitWord } from '../store/words';
import { t } from './texts';

/** What to move, and on which cells its law goes. */
export interface Ask {
  name: string;
  /** key=value words over the defaults. */
  words: string[];
  n: number;
  seed: number;
  /** 0: as many as are usual. */
  cells: number;
  /** Low and high of each axis, or empty. */
  window: number[];
}

export const LAYERS = ['density', 'paths', 'quantiles', 'current'] as const;
export type Layer = (typeof LAYERS)[number];

export interface View {
  layers: Layer[];
  theme: 'auto' | 'light' | 'dark';
}

export const DEFAULT_ASK: Ask = {
  name: 'ornstein_uhlenbeck',
  words: [],
  n: 1000,
  seed: 0,
  cells: 0,
  window: [],
};
export const DEFAULT_VIEW: View = {
  layers: ['density', 'paths', 'quantiles'],
  theme: 'auto',
};
/** The core's limits, for what is typed or linked. */
export const MAX_PARTICLES = 100_000;
export const MAX_CELLS = 4000;
export const MAX_TIMES = 201;

/** What other pages' links have, which says nothing here. */
const PASSED_OVER = ['v', 'sum', 'hide'];

export interface Link {
  ask: Ask;
  view: View;
  /** The time of the knife; null: the end. */
  knife: number | null;
}

export function encodeLink({ ask, view, knife }: Link): string {
  const pairs: [string, string][] = [
    ['process', ask.name],
    ...ask.words.map(splitWord),
  ];
  if (ask.n !== DEFAULT_ASK.n) pairs.push(['n', String(ask.n)]);
  if (ask.seed !== DEFAULT_ASK.seed) pairs.push(['seed', String(ask.seed)]);
  if (ask.cells > 0) pairs.push(['cells', String(ask.cells)]);
  if (ask.window.length > 0) pairs.push(['window', ask.window.join(',')]);
  if (knife !== null) {
    pairs.push(['knife', String(Number(knife.toPrecision(6)))]);
  }
  if (LAYERS.some((layer) => isOn(layer, view) !== isOn(layer))) {
    pairs.push(['view.layers', view.layers.join(',') || 'none']);
  }
  if (view.theme !== 'auto') pairs.push(['theme', view.theme]);
  return pairs
    .map(([key, value]) => `${escape(key)}=${escape(value)}`)
    .join('&');
}

function isOn(layer: Layer, view = DEFAULT_VIEW): boolean {
  return view.layers.includes(layer);
}

export function decodeLink(hash: string): Link & { problems: Problem[] } {
  const problems: Problem[] = [];
  const complain = (path: string, message: string): void => {
    problems.push({ path, message });
  };
  const link: Link = {
    ask: structuredClone(DEFAULT_ASK),
    view: structuredClone(DEFAULT_VIEW),
    knife: null,
  };
  const seen = new Set<string>();
  for (const part of hash.replace(/^#/, '').split('&')) {
    if (part === '') continue;
    let word: string;
    try {
      word = decodeURIComponent(part);
    } catch {
      complain(part, t('lab.badEscape'));
      continue;
    }
    const [key, value] = splitWord(word);
    if (!word.includes('=') || key === '') complain(word, t('lab.noValue'));
    else if (seen.has(key)) complain(key, t('lab.twice'));
    else readPair(key, value, link, complain);
    seen.add(key);
  }
  return { ...link, problems };
}

function readPair(
  key: string,
  value: string,
  link: Link,
  complain: (path: string, message: string) => void,
): void {
  const { ask, view } = link;
  if (key === 'process') ask.name = value;
  else if (key === 'n' || key === 'seed' || key === 'cells') {
    const number = readCount(key, value);
    if (number === null) complain(key, countProblem(key, value));
    else ask[key] = number;
  } else if (key === 'window') {
    const window = readWindow(value);
    if (window) ask.window = window;
    else complain(key, t('lab.window', { value }));
  } else if (key === 'knife') {
    const time = Number(value);
    if (value !== '' && time >= 0 && Number.isFinite(time)) link.knife = time;
    else complain(key, t('lab.knifeProblem', { value }));
  } else if (key === 'view.layers') {
    const layers = value === 'none' ? [] : value.split(',');
    view.layers = LAYERS.filter((layer) => layers.includes(layer));
    const unknown = layers.find((layer) => !LAYERS.includes(layer as Layer));
    if (unknown !== undefined) {
      complain(
        key,
        t('lab.option', { value: unknown, all: LAYERS.join(', ') }),
      );
    }
  } else if (key === 'theme') {
    if (value === 'light' || value === 'dark') view.theme = value;
    else if (value !== 'auto') {
      complain(key, t('lab.option', { value, all: 'light, dark, auto' }));
    }
  } else if (!PASSED_OVER.includes(key)) {
    ask.words.push(`${key}=${value}`);
  }
}

export type Count = 'n' | 'seed' | 'cells';

function rangeOf(key: Count): { least: number; most: number } {
  if (key === 'n') return { least: 1, most: MAX_PARTICLES };
  if (key === 'seed') return { least: 0, most: Number.MAX_SAFE_INTEGER };
  return { least: 2, most: MAX_CELLS };
}

export function countProblem(key: Count, value: string): string {
  const { least, most } = rangeOf(key);
  return t('lab.count', { value, least, most });
}

/** A whole number in range, or null; no text for cells means as usual. */
export function readCount(key: Count, text: string): number | null {
  if (key === 'cells' && /^0?$/.test(text.trim())) return 0;
  const value = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
  const { least, most } = rangeOf(key);
  return value >= least && value <= most ? value : null;
}

/** "low,high" of each axis as numbers, nothing for no text; null if it is neither. */
export function readWindow(text: string): number[] | null {
  if (text.trim() === '') return [];
  const ends = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)));
  const pairs = ends.length === 2 || ends.length === 4;
  const ordered = ends.every((end, i) => i % 2 === 0 || ends[i - 1]! < end);
  return pairs && ends.every(Number.isFinite) && ordered ? ends : null;
}

/** The command that gives the same paths and, where there is one, the same law. */
export function commandOf(ask: Ask, law: boolean): string {
  const { name, words, n, seed, cells, window } = ask;
  const grid = [
    ...['--density', 'density.npy'],
    ...(cells > 0 ? ['--cells', String(cells)] : []),
    ...(window.length > 0 ? [`--window=${window.join(',')}`] : []),
  ];
  return [
    ...['unnoise', 'process', name, ...words],
    ...['--n', String(n), '--seed', String(seed)],
    // As many moments as the page keeps: cells are laid around the particles
    // at these.
    ...['--frames', String(MAX_TIMES), '--out', 'paths.npy'],
    ...(law ? grid : []),
  ]
    .map(quote)
    .join(' ');
}

/** Percent-encodes all but what is legal in a hash and pleasant to read. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(/%2C|%3A|%2F/g, decodeURIComponent);
}
