// The link of the solver laboratory: the experiment in the command line's own
// keys, then what this page adds:
//
//   #v=1&sum=…&data=rings&path=straight&solver.1=ddim%20sampler.steps%3D10
//     &solver.2=…&steps=1,2,5&n=400&seed=3&error=law&t=0.5
//
// As in link.ts reading never fails as a whole, and `sum` guards against cuts.

import type { Problem } from '../engine/core';
import { t } from '../strings/solvers';
import {
  DEFAULT_FLAGS,
  flagPairs,
  isFlag,
  readFlag,
  type Flags,
} from './flags';
import { escape, splitWord, sumOf, type Pair } from './words';

/** Of the ways, or of the law; see core/sampling/convergence.h. */
export type ErrorKind = 'paths' | 'law';

export interface SolversLink {
  /** key=value words over the defaults of an exact law. */
  words: string[];
  /** Each the words of a sampler, "sampler=ode" first. */
  samplers: string[][];
  /** Numbers of steps that errors are measured at. */
  steps: number[];
  n: number;
  seed: number;
  error: ErrorKind;
  /** The time shown. */
  t: number;
  flags: Flags;
}

export const MOST_SAMPLERS = 6;
export const MOST_STEPS = 1000;
const MOST_STEP_COUNTS = 20;
export const MOST_POINTS = 5000;
const VERSION = '1';

export const DEFAULT_LINK: SolversLink = {
  words: ['data=eight_gaussians'],
  samplers: [
    ['sampler=ddim', 'sampler.steps=10'],
    ['sampler=dpm_solver_pp_2m', 'sampler.steps=10'],
    ['sampler=ode', 'sampler.steps=10', 'sampler.method=rk4'],
  ],
  steps: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  n: 500,
  seed: 0,
  error: 'paths',
  t: 0,
  flags: DEFAULT_FLAGS,
};

/** "ode sampler.method=rk4", as the command line has it. */
export function textOfSampler(words: string[]): string {
  return words.map((word) => word.replace(/^sampler=/, '')).join(' ');
}

function wordsOfSampler(
  [key, text]: Pair,
  complain: (path: string, message: string) => void,
): string[] {
  const [kind = '', ...fields] = text.split(' ').filter((word) => word !== '');
  const isOwn = (word: string): boolean => word.startsWith('sampler.');
  for (const word of fields) {
    if (!isOwn(word)) complain(key, t('solvers.notOwn', { word }));
  }
  return [`sampler=${kind.replace(/^sampler=/, '')}`, ...fields.filter(isOwn)];
}

export function encodeSolvers(link: SolversLink): string {
  const pairs = link.words.map(splitWord);
  link.samplers.forEach((words, i) => {
    pairs.push([`solver.${i + 1}`, textOfSampler(words)]);
  });
  const set = (key: 'steps' | 'n' | 'seed' | 'error' | 't'): void => {
    const value = String(link[key]);
    if (value !== String(DEFAULT_LINK[key])) pairs.push([key, value]);
  };
  set('steps');
  set('n');
  set('seed');
  set('error');
  set('t');
  const head: Pair[] = [
    ['v', VERSION],
    ['sum', sumOf(pairs)],
    ...flagPairs(link.flags),
  ];
  return [...head, ...pairs]
    .map(([key, value]) => `${escape(key)}=${escape(value)}`)
    .join('&');
}

export function decodeSolvers(
  hash: string,
): SolversLink & { problems: Problem[] } {
  const problems: Problem[] = [];
  const complain = (path: string, message: string): void => {
    problems.push({ path, message });
  };
  const parts = hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part !== '');
  const link: SolversLink = structuredClone(DEFAULT_LINK);
  if (parts.length === 0) return { ...link, problems };

  const pairs: Pair[] = [];
  const samplers: string[][] = [];
  const words: string[] = [];
  let sum: string | null = null;
  for (const part of parts) {
    let pair: Pair;
    try {
      pair = splitWord(decodeURIComponent(part));
    } catch {
      complain(part, t('link.badEscape'));
      continue;
    }
    const [key, value] = pair;
    if (key === '' || !part.includes('=')) complain(part, t('link.noValue'));
    else if (key === 'v') {
      if (value !== VERSION) complain('v', t('link.version', { value }));
    } else if (key === 'sum') sum = value;
    else if (key === 'theme') readFlag(key, value, link.flags, complain);
    else if (isFlag(key)) complain(key, t('solvers.flag', { key }));
    else if (pairs.some(([other]) => other === key)) {
      complain(key, t('link.twice'));
    } else {
      pairs.push(pair);
      if (/^solver\.\d+$/.test(key)) {
        if (samplers.length < MOST_SAMPLERS) {
          samplers.push(wordsOfSampler(pair, complain));
        } else complain(key, t('solvers.most', { max: MOST_SAMPLERS }));
      } else if (!readOwn(pair, link, complain)) {
        words.push(`${key}=${value}`);
      }
    }
  }
  if (sum !== null && sum !== sumOf(pairs)) {
    complain(pairs.at(-1)?.[0] ?? 'sum', t('link.sum'));
  }
  link.words = words; // None are the core's own defaults.
  if (samplers.length > 0) link.samplers = samplers;
  return { ...link, problems };
}

/** Whether the key is one of this page's own. */
function readOwn(
  [key, value]: Pair,
  link: SolversLink,
  complain: (path: string, message: string) => void,
): boolean {
  const take = <K extends 'n' | 'seed'>(
    name: K,
    read: number | null,
    max: number,
  ): void => {
    if (read === null) complain(name, t('solvers.whole', { value, max }));
    else link[name] = read;
  };
  if (key === 'steps') {
    const steps = readSteps(value);
    if (steps) link.steps = steps;
    else complain(key, t('solvers.badSteps', { max: MOST_STEPS }));
  } else if (key === 'n') {
    take('n', readWhole(value, 2, MOST_POINTS), MOST_POINTS);
  } else if (key === 'seed') {
    const max = Number.MAX_SAFE_INTEGER;
    take('seed', readWhole(value, 0, max), max);
  } else if (key === 'error') {
    if (value === 'paths' || value === 'law') link.error = value;
    else complain(key, t('link.option', { value, all: 'paths, law' }));
  } else if (key === 't') {
    const time = /^[\d.]{1,9}$/.test(value) ? Number(value) : NaN;
    if (time >= 0 && time <= 1) link.t = time;
    else complain(key, t('link.time', { value }));
  } else return false;
  return true;
}

export function readWhole(
  text: string,
  min: number,
  max: number,
): number | null {
  const value = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
  return value >= min && value <= max ? value : null;
}

/** "1, 2, 5" as whole numbers, ascending and each once; null if it is none. */
export function readSteps(text: string): number[] | null {
  const steps = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => readWhole(part, 1, MOST_STEPS));
  if (steps.length === 0 || steps.length > MOST_STEP_COUNTS) return null;
  if (steps.some((value) => value === null)) return null;
  return [...new Set(steps as number[])].sort((a, b) => a - b);
}
