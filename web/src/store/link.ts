// The share link: everything the page shows as a URL hash, in the command
// line's own keys, so that a person can read and edit it:
//
//   #v=1&sum=0c4e5f10&data=two_moons&network.width=64&seed=7&steps=200
//
// `sum` guards a copied link against cuts and edits; a link written by hand
// goes without. Flags (flags.ts) stand first and outside the sum, so that a
// person may add some to a copied link. Reading never fails as a whole: what cannot be read is a
// problem with its place, the rest stands.

import { unzlibSync, zlibSync } from 'fflate';
import type { Problem } from '../engine/core';
import type { Direction } from '../engine/protocol';
import { t } from '../strings';
import {
  DEFAULT_FLAGS,
  flagPairs,
  isFlag,
  readFlag,
  type Flags,
} from './flags';
import { escape, splitWord, sumOf, type Pair } from './words';

export const LAYERS = [
  'data',
  'samples',
  'trails',
  'arrows',
  'heat',
  'truth',
] as const;
export type Layer = (typeof LAYERS)[number];

/** How things are shown; no part of the experiment. */
export interface View {
  layers: Layer[];
  direction: Direction;
  /** The time of arrows, heat and probe beside live samples. */
  t: number;
}
export const DEFAULT_VIEW: View = {
  layers: ['data', 'samples', 'trails'],
  direction: 'denoise',
  t: 0.5,
};

export interface Link {
  /** key=value words over the defaults. */
  words: string[];
  /** Train until this step; null: the page's choice. */
  steps: number | null;
  view: View;
  /** The packed points of data=points, where they are few enough. */
  points: Uint8Array | null;
  flags: Flags;
}

const VERSION = '1';
/**
 * No block of points in a link is larger: 2,000 points of 64 axes, 2 bytes each.
 * What unpacks to more was not made by this page.
 */
const MAX_BLOCK = 1 << 18;
export const MAX_STEPS = 10_000_000;

export function encodeLink(link: Link): string {
  const pairs = link.words.map(splitWord);
  if (link.steps !== null) pairs.push(['steps', String(link.steps)]);
  const { layers, direction, t: time } = link.view;
  if (LAYERS.some((layer) => isOn(layer, link.view) !== isOn(layer))) {
    pairs.push(['view.layers', layers.join(',') || 'none']);
  }
  if (time !== DEFAULT_VIEW.t) pairs.push(['view.t', String(time)]);
  if (direction !== DEFAULT_VIEW.direction) {
    pairs.push(['view.direction', direction]);
  }
  if (link.points) {
    pairs.push(['points', pack(link.points)]);
  }
  const head: Pair[] = [
    ['v', VERSION],
    ['sum', sumOf(pairs)],
    ...flagPairs(link.flags),
  ];
  return [...head, ...pairs]
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
    words: [],
    steps: null,
    view: structuredClone(DEFAULT_VIEW),
    points: null,
    flags: structuredClone(DEFAULT_FLAGS),
  };
  const flagged = new Set<string>();
  const pairs: Pair[] = [];
  let sum: string | null = null;

  const parts = hash.replace(/^#/, '').split('&');
  for (const part of parts.filter((part) => part !== '')) {
    let pair: Pair;
    try {
      pair = splitWord(decodeURIComponent(part));
    } catch {
      complain(part, t('link.badEscape'));
      continue;
    }
    const [key, value] = pair;
    if (key === '' || !part.includes('=')) {
      complain(part, t('link.noValue'));
    } else if (key === 'v') {
      if (value !== VERSION) complain('v', t('link.version', { value }));
    } else if (key === 'sum') {
      sum = value;
    } else if (flagged.has(key) || pairs.some(([other]) => other === key)) {
      complain(key, t('link.twice'));
    } else if (isFlag(key)) {
      flagged.add(key);
      readFlag(key, value, link.flags, complain);
    } else {
      pairs.push(pair);
      readPair(pair, link, complain);
    }
  }
  if (sum !== null && sum !== sumOf(pairs)) {
    complain(pairs.at(-1)?.[0] ?? 'sum', t('link.sum'));
  }
  return { ...link, problems };
}

function readPair(
  [key, value]: Pair,
  link: Link,
  complain: (path: string, message: string) => void,
): void {
  if (key === 'steps') {
    const steps = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    if (steps <= MAX_STEPS) link.steps = steps;
    else complain(key, t('link.steps', { value, max: MAX_STEPS }));
  } else if (key === 'points') {
    try {
      link.points = unpack(value);
    } catch {
      complain(key, t('link.points'));
    }
  } else if (key === 'view.layers') {
    const layers = value === 'none' ? [] : value.split(',');
    link.view.layers = LAYERS.filter((layer) => layers.includes(layer));
    const unknown = layers.find((layer) => !LAYERS.includes(layer as Layer));
    if (unknown !== undefined) {
      complain(
        key,
        t('link.option', { value: unknown, all: LAYERS.join(', ') }),
      );
    }
  } else if (key === 'view.t') {
    const time = /^[\d.]{1,9}$/.test(value) ? Number(value) : NaN;
    if (time >= 0 && time <= 1) link.view.t = time;
    else complain(key, t('link.time', { value }));
  } else if (key === 'view.direction') {
    if (value === 'denoise' || value === 'noise') link.view.direction = value;
    else complain(key, t('link.option', { value, all: 'denoise, noise' }));
  } else {
    link.words.push(`${key}=${value}`);
  }
}

/** Links are made anew all the time, their points hardly ever. */
const packed = new WeakMap<Uint8Array, string>();

function pack(points: Uint8Array): string {
  let text = packed.get(points);
  if (text === undefined) {
    text = toBase64Url(zlibSync(points, { level: 9 }));
    packed.set(points, text);
  }
  return text;
}

/** Throws if the text is no packed block, or one that would fill the memory. */
function unpack(text: string): Uint8Array {
  // A buffer of one's own is filled, never grown.
  const out = new Uint8Array(MAX_BLOCK + 1);
  const block = unzlibSync(fromBase64Url(text), { out });
  if (block.length > MAX_BLOCK) throw new RangeError('the block is too large');
  return block.slice();
}

/** The value of a word, without the quotes that keep a text a text. */
export function valueOfWord(words: string[], key: string): string | undefined {
  const value = words.map(splitWord).find(([other]) => other === key)?.[1];
  if (value === undefined) return undefined;
  try {
    const text: unknown = JSON.parse(value);
    return typeof text === 'string' ? text : value;
  } catch {
    return value;
  }
}

export function isOfData(word: string): boolean {
  return /^data[.=]/.test(word);
}

/** Whether a word names the weights of a file that training starts from. */
export function isOfWeights(word: string): boolean {
  return word.startsWith('weights=');
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64Url(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
