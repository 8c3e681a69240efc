// Every message between the solver laboratory and its worker, in the manner of
// protocol.ts: the page asks, and what changes is pulled with `frame`.

import type { Problems } from './core';
import type { Carried } from './protocol';
import type { ResolvedLaw, SolverDescription, SolverErrors } from './solvers';

/** Start points, the same for every sampler. */
export interface Points {
  count: number;
  seed: number;
}

/** Samplers to hold against the exact flow; see solvers.d.ts, startErrors. */
export interface ErrorsAsk extends Points {
  samplers: string[][];
  steps: number[];
}

/** A way that is being recorded. */
export interface WayStart {
  id: number;
  /** The times that are kept, ascending. */
  times: Float32Array;
}
/** What has come of it since the last frame. */
export interface WayChunk {
  id: number;
  /** Indices into the times. */
  slots: number[];
  frames: Float32Array[];
  done: boolean;
}

/** What has come about since the last frame was pulled. */
export interface SolverFrame {
  /** Whether pulling again will bring anything new. */
  busy: boolean;
  way: WayChunk | null;
  /** What is known of samplers' errors, when that is more than before. */
  errors: SolverErrors | null;
  /** What went wrong while working; the work that failed has stopped. */
  problems: Problems | null;
}

/** name: [question, answer]. */
export interface SolverCalls {
  start: [{ base: string; carried: Carried | null }, SolverDescription];
  resolve: [{ experiment: string; words: string[] }, ResolvedLaw];
  /** Replaces the open law; brings `count` points of it. */
  open: [Points & { experiment: string }, { dim: number; data: Float32Array }];
  /** Records the way of a sampler, in place of one under way. */
  record: [Points & { words: string[] }, WayStart];
  /** Holds samplers against the exact flow in the background; null: no longer. */
  compare: [{ ask: ErrorsAsk | null }, null];
  /** What is known of it as CSV. */
  errorsText: [Record<never, never>, string];
  /** Stops all background work, or lets it go on: a hidden page rests. */
  hold: [{ held: boolean }, null];
  frame: [Record<never, never>, SolverFrame];
}
