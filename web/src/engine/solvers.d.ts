// The wasm facade of the solver laboratory as TypeScript sees it, in the manner
// of core.d.ts: what wasm/solver_facade.cc exports, and nothing else.

import type { FieldSchema, Problems } from './core';

export interface SolverDescription {
  version: string;
  /** Fields of what is sampled: data, path, sampler. */
  experiment: FieldSchema[];
}

/** resolve(): a law, a path and a sampler made whole. */
export interface ResolvedLaw {
  /** Canonical JSON text; opaque to the page, handed back to open(). */
  experiment: string;
  values: Record<string, unknown>;
  /** Shortest list of key=value words from the defaults. */
  overrides: string[];
}

/** What is known so far of errors of samplers; core/sampling/convergence.h. */
export interface SolverErrors {
  /** Pieces of work done, and all there are. */
  done: number;
  pieces: number;
  /** Below these errors say nothing. */
  floor: { paths?: number; law?: number };
  rows: SolverError[];
  /** Samplers that are not compared: they do not go from noise to data in the steps asked for. */
  left_out: number[];
  /** Observed orders, one entry a sampler. */
  orders: { paths?: number; law?: number }[];
}
export interface SolverError {
  /** Index into the samplers. */
  sampler: number;
  steps: number;
  /** Questions to the model, the mean over points. */
  evaluations: number;
  /** To the ODE's exact ends, and in law; in data units. */
  paths?: number;
  law?: number;
  failed?: true;
}

export interface SolverCore {
  describe(): SolverDescription;
  /** As in core.d.ts, without points. */
  resolve(experiment: string, words: string[]): ResolvedLaw | Problems;
  SolverSession: new () => SolverSession;
}

/** One law being sampled. */
export interface SolverSession {
  open(experiment: string): { dim: number } | Problems;
  /** Points of the law, [n, dim]; the same for the same seed. */
  data(n: number, seed: number): Float32Array | Problems;
  /**
   * Starts n particles on the way from noise to data; sampler words such as "sampler=ode" are laid over the experiment's.
   * Brings the times of the grid, ascending: particles go from the last to the first.
   */
  startSampling(
    n: number,
    seed: number,
    words: string[],
  ): Float32Array | Problems;
  /** One transition; the grid index where the particles now are. */
  step(): number | Problems;
  /** The particles under way, [n, dim]. */
  particles(): Float32Array | Problems;
  /**
   * Begins to hold samplers against the exact flow, from the start points of startSampling. Each sampler is a list of
   * words such as "sampler=ode", "sampler.method=rk4".
   */
  startErrors(
    n: number,
    seed: number,
    samplers: string[][],
    steps: number[],
  ): SolverErrors | Problems;
  /** Does up to so many pieces of that work, of some milliseconds each. */
  errors(pieces: number): SolverErrors | Problems;
  /** What is known of them as CSV, the same as the command line writes. */
  errorsText(): string | Problems;
}
