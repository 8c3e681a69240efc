// The module of the process laboratory as TypeScript sees it: what
// wasm/process_facade.cc exports, with the rules of core.d.ts.

import type { FieldSchema, Problems } from './core';

export interface ProcessDescription {
  version: string;
  /** One field, `process`: a kind, inline, with the fields of each process. */
  fields: FieldSchema[];
  /** Names of the processes under headings. */
  groups: { title: string; names: string[] }[];
}

export interface OpenedProcess {
  /** The process and its fields, for showing current values in the controls. */
  values: Record<string, unknown>;
  /** Shortest list of key=value words: the link's and the command line's form. */
  overrides: string[];
  /** Names of the coordinates. */
  axes: string[];
  /** How many states 0, 1, ... there are; 0 where a coordinate is any number. */
  states: number;
  steps: number;
  tMax: number;
  /** How many moments are kept, evenly spaced and both ends. */
  times: number;
  /** How many particles are handed out one by one. */
  shown: number;
}

export interface Moved {
  /** Steps made. */
  position: number;
  done: boolean;
}

/** Equal cells along an axis. */
export interface CellAxis {
  name: string;
  low: number;
  high: number;
  count: number;
}

export interface StartedLaw {
  axes: CellAxis[];
  /** The wider cells on which particles are counted. */
  bins: CellAxis[];
  /** How the law is moved; absent where nothing is known that could. */
  way?: 'fokker_planck' | 'kernel' | 'closed_form';
  /** Why there is no law. */
  why?: string;
}

/** Particles at every moment kept. Moments are pairs of mean and variance. */
export interface ParticlesKept {
  times: Float64Array;
  /** Of the first ones, [times, shown, dim]. */
  paths: Float32Array;
  /** Of all, on the bins: [times, bins]; of states probabilities. Empty beyond two axes. */
  density: Float32Array;
  /** Of all, [times, dim, 2]. */
  moments: Float64Array;
  /** Of the process itself, the same; NaN where not known. */
  exact: Float64Array;
}

/** The law at the moments reached so far. */
export interface LawKept {
  /** [moments, cells], the last axis fastest; of states probabilities. */
  density: Float32Array;
  /** The closed form in the cells' centres, NaN at moments at which there is none; empty if it is known at none. */
  closed: Float32Array;
  /** Probability through each face in unit time, [moments, cells + 1], or empty. */
  current: Float32Array;
  /** Means and variances, [moments, dim, 2]. */
  moments: Float64Array;
  /** Where 5 %, 50 % and 95 % lie below, [moments, 3], or empty. */
  quantiles: Float64Array;
  /** What the law tends to, [cells], or empty. */
  stationary: Float32Array;
}

export interface ProcessCore {
  describe(): ProcessDescription;
  ProcessSession: new () => ProcessSession;
}

/** One process. Call delete() when done. */
export interface ProcessSession {
  /** Replaces what is open, unless there is a problem. n particles start. */
  open(
    name: string,
    words: string[],
    n: number,
    seed: number,
  ): OpenedProcess | Problems;
  /** Moves the particles by up to so many steps. */
  move(steps: number): Moved | Problems;
  /**
   * Once all have arrived, lays cells around them and starts the law there. 0 cells: as many as are usual. `window` is low
   * and high of each axis, or empty.
   */
  startLaw(cells: number, window: number[]): StartedLaw | Problems;
  /** Moves the law by up to so many steps. */
  moveLaw(steps: number): Moved | Problems;
  /** After startLaw. */
  particles(): ParticlesKept | Problems;
  law(): LawKept | Problems;
  delete(): void;
}
