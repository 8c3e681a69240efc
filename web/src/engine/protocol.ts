// Every message between the page and the engine worker, and nothing else. The
// page asks, the worker answers with a value or with problems; it never speaks
// unasked. What changes while it works is pulled with `frame`.

import type {
  Description,
  GridPoint,
  Opened,
  OpenedRun,
  PackedPoints,
  Probed,
  Problems,
  Progress,
  Resolved,
  RunFiles,
  UnpackedPoints,
} from './core';

/** denoise: from noise to data; noise: from data to noise. */
export type Direction = 'denoise' | 'noise';

/** Particles to sample: how many, from which seed, with which sampler words. */
export interface Draw {
  count: number;
  seed: number;
  words: string[];
}

/** A recorded way through the sampler's grid; slot i of it is at grid[i]. */
export interface RecordingStart {
  id: number;
  /** The training step whose weights it uses. */
  step: number;
  /** Ascending in t, thinned where the sampler takes very many steps. */
  grid: GridPoint[];
  dim: number;
}

export interface RecordingChunk {
  id: number;
  slots: number[];
  frames: Float32Array[];
  done: boolean;
}

/** A field that a picture asks for: a time, and nodes over a window. */
export interface FieldAsk {
  t: number;
  /** Left, right, bottom, top of the nodes, in data units. */
  window: [number, number, number, number];
  nx: number;
  ny: number;
}

/** A field as it was made; with one coordinate it has one row. */
export interface FieldFrame extends FieldAsk {
  /** The training step of its weights. */
  step: number;
  /** Numbers of an arrow: 1 or 2. */
  axes: number;
  /** [ny, nx, axes] in data units, rows upwards. */
  values: Float32Array;
}

/** What has happened since the last frame was pulled. */
export interface Frame {
  step: number;
  until: number;
  running: boolean;
  /** Whether pulling again will bring anything new. */
  busy: boolean;
  diverged: boolean;
  progress: Progress | null;
  /** Pairs of step and loss, one for each slice of training. */
  losses: Float32Array;
  /** Training steps per second of wall time. */
  speed: number;
  /** The newest finished live samples. */
  samples: { step: number; values: Float32Array } | null;
  recording: RecordingChunk | null;
  /** The newest finished field. */
  field: FieldFrame | null;
  /** Milliseconds of every piece of work: as long may an answer have waited. */
  slices: number[];
  /** What went wrong while working; the work that failed has stopped. */
  problems: Problems | null;
}

/** The files of the wasm module in a document that carries all it needs. */
export interface Carried {
  /** The text of unnoise.mjs. */
  module: string;
  /** The bytes of unnoise.wasm. */
  wasm: Uint8Array;
}

/** name: [question, answer]. */
export interface Calls {
  start: [{ base: string; carried: Carried | null }, Description];
  resolve: [
    { experiment: string; words: string[]; points: Uint8Array },
    Resolved,
  ];
  /** The bytes of a file of points. */
  parse: [{ bytes: Uint8Array; name: string }, PackedPoints];
  /** Points that come from no file; labels may be empty. */
  pack: [
    { values: Float32Array; labels: Uint8Array; dim: number },
    PackedPoints,
  ];
  unpack: [{ block: Uint8Array }, UnpackedPoints];
  /** Points of an experiment's data law, without touching the open session. */
  preview: [
    { words: string[]; count: number; seed: number },
    { values: Float32Array; dim: number },
  ];
  /** Replaces the open session; brings `count` points of its data law. */
  open: [
    { experiment: string; points: Uint8Array; count: number; seed: number },
    Opened & { data: Float32Array },
  ];
  /** The same with a run, at the step it was saved at. */
  openRun: [
    { files: RunFiles; count: number },
    OpenedRun & { resolved: Resolved; data: Float32Array },
  ];
  /** Trains in the background up to exactly this step. */
  train: [{ until: number }, null];
  pause: [Record<never, never>, null];
  /** Stops all background work, or lets it go on: a hidden page rests. */
  hold: [{ held: boolean }, null];
  /** Samples again and again from step 1 on; null: no longer. */
  live: [{ draw: Draw | null }, null];
  /** With `truth` the exact denoiser takes the particles to the data. */
  record: [
    { direction: Direction; draw: Draw; truth: boolean },
    RecordingStart,
  ];
  /** Makes this field, and again as training goes on; null: no longer. */
  field: [{ ask: FieldAsk | null }, null];
  probe: [{ x: number[]; t: number; words: string[] }, Probed];
  frame: [Record<never, never>, Frame];
  fingerprint: [Record<never, never>, { step: number; fingerprint: string }];
  /** The run as one file. */
  saveRun: [Record<never, never>, { step: number; bytes: Uint8Array }];
}

export type Call = keyof Calls;
export type Question<C extends Call> = Calls[C][0];
/** The answer to a call that went well. */
export type Answered<C extends Call> = Calls[C][1];
export type Answer<C extends Call> = Answered<C> | Problems;

export type Request = {
  [C in Call]: { id: number; call: C; question: Question<C> };
}[Call];
export interface Reply {
  id: number;
  answer: unknown;
}

export function isProblems(value: unknown): value is Problems {
  return (
    typeof value === 'object' &&
    value !== null &&
    'problems' in value &&
    Array.isArray(value.problems)
  );
}

export function problem(path: string, message: string): Problems {
  return { problems: [{ path, message }] };
}
