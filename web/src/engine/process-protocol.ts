// Every message between the process laboratory and its worker, in the manner of
// protocol.ts: the page asks, and what changes is pulled with `frame`.

import type {
  LawKept,
  OpenedProcess,
  ParticlesKept,
  ProcessDescription,
  StartedLaw,
} from './processes';
import type { Problems } from './core';
import type { Carried } from './protocol';

/** What to move, and on which cells its law goes; 0 cells and no window: as usual. */
export interface ProcessAsk {
  name: string;
  /** key=value words over the defaults. */
  words: string[];
  n: number;
  seed: number;
  cells: number;
  /** Low and high of each axis, or empty. */
  window: number[];
}

/** What has come about since the last frame was pulled. */
export interface ProcessFrame {
  /** How far particles and law are, from 0 to 1. */
  particlesDone: number;
  lawDone: number;
  /** Whether pulling again will bring anything new. */
  busy: boolean;
  /** Once, when all particles have arrived. */
  arrived: { started: StartedLaw; particles: ParticlesKept } | null;
  /** Once, when it is complete. */
  law: LawKept | null;
  /** What went wrong while working; the work has stopped. */
  problems: Problems | null;
}

/** name: [question, answer]. */
export interface ProcessCalls {
  start: [{ base: string; carried: Carried | null }, ProcessDescription];
  /** Replaces what is under way, unless there is a problem. */
  open: [ProcessAsk, OpenedProcess];
  frame: [Record<never, never>, ProcessFrame];
}
