// The wasm facade as TypeScript sees it: what wasm/ exports, and
// nothing else. Texts are JSON; every failure is a value {problems}, never an
// exception. Arrays that come back are copies and belong to the caller.

/** What is wrong, where, and how to repair it. */
export interface Problem {
  path: string;
  message: string;
}
export interface Problems {
  problems: Problem[];
}

/** One field of the description; see core/base/config.h, SchemaOf. */
export interface FieldSchema {
  name: string;
  /** Dotted key, as on the command line: "data.noise". */
  path: string;
  type:
    | 'int'
    | 'real'
    | 'bool'
    | 'text'
    | 'option'
    | 'numbers'
    | 'section'
    | 'kind';
  help: string;
  source?: string;
  unit?: string;
  /** Of a kind: the name of the default kind. */
  default?: unknown;
  min?: number;
  max?: number;
  scale?: 'linear' | 'log';
  options?: string[];
  rank?: number;
  fields?: FieldSchema[];
  kinds?: {
    name: string;
    title: string;
    help: string;
    fields: FieldSchema[];
  }[];
  inline?: boolean;
}

/** describe(): everything the page builds its controls from. */
export interface Description {
  version: string;
  /** Threads that the module computes on; results do not depend on them. */
  threads: number;
  /** Fields of an experiment: seed, family (inline), data, path, network, optimizer, rate, ema, batch, sampler, ... */
  experiment: FieldSchema[];
}

/** resolve(): an experiment made whole. */
export interface Resolved {
  /** Canonical JSON text; opaque to the page, handed back to open(). */
  experiment: string;
  /** The same as a value, for showing current values in the controls (read only). */
  values: Record<string, unknown>;
  /** Shortest list of key=value words from the defaults: the share link's and the command line's form. */
  overrides: string[];
  /** FNV-1a-64 of the canonical text, 16 hex digits. */
  hash: string;
  /** The family's default number of training steps; 0 where there is nothing to train. */
  horizon: number;
}

export interface Opened {
  dim: number;
  step: number;
  /** Whether there is anything to train. */
  trainable: boolean;
  parameters: number;
}

/** The files of a run; empty where there is none. */
export interface RunFiles {
  /** What the model's file is called, for messages. */
  name: string;
  /** A run file, or the model.safetensors of a run directory. */
  model: Uint8Array;
  /** Of a run directory: experiment.json, data.npy, labels.npy, metrics.jsonl. */
  experiment: Uint8Array;
  points: Uint8Array;
  labels: Uint8Array;
  metrics: Uint8Array;
}

/** openRun(): what was opened, and where it stands. */
export interface OpenedRun extends Opened {
  /** Canonical JSON text, for resolve(). */
  experiment: string;
  seed: number;
  /** The person's own points, packed as by parsePoints; empty if there are none. */
  block: Uint8Array;
  file: string;
  digest: string;
  /** Pairs of step and loss, as they were noted. */
  losses: Float32Array;
}

export interface Progress {
  step: number;
  loss: number;
  grad_norm: number;
  rate: number;
  /** "diverged": the last good state was kept, training stops. */
  state: 'ok' | 'diverged';
}

export interface GridPoint {
  t: number;
  alpha: number;
  sigma: number;
}

export interface Started {
  /** Ascending in t; particles travel from the last to the first (sampling) or back (noising). */
  grid: GridPoint[];
  n: number;
  dim: number;
}

/** parsePoints() and packPoints(): a point set on its way. */
export interface PackedPoints {
  block: Uint8Array;
  count: number;
  dim: number;
  /** 16 hex digits, of values and labels. */
  digest: string;
  /** How many different labels there are; 0 without labels. */
  classes: number;
}

/** unpackPoints(): what a block holds. */
export interface UnpackedPoints {
  /** [count, dim], data units. */
  values: Float32Array;
  /** [count], or empty. */
  labels: Uint8Array;
  count: number;
  dim: number;
}

/** What a model and a sampler make of one point; see core/sampling/probe.h. */
export interface Probed {
  /** The training step of the weights. */
  step: number;
  /** Predicted data, [dim] in data units. */
  data: Float32Array;
  /** Predicted noise, [dim]. */
  noise: Float32Array;
  /** The sampler's next state without fresh noise, [dim] in data units, and its time. */
  next: Float32Array;
  nextT: number;
  /** The way from the point to the data, [states, dim] in data units. */
  way: Float32Array;
}

export interface Core {
  describe(): Description;
  /**
   * Makes an experiment from JSON text ('' = all defaults) and key=value words laid over it.
   * `points` is a block from parsePoints (empty if none): with data=points it fills data.count, data.dim, data.digest.
   */
  resolve(
    experiment: string,
    words: string[],
    points: Uint8Array,
  ): Resolved | Problems;
  /**
   * Reads the bytes of a file: CSV, TSV, NPY or NPZ, told by its content. `name` is the file's name, for messages.
   * Sets of up to 2,000 points are rounded to codes, packed small enough for a link.
   */
  parsePoints(bytes: Uint8Array, name: string): PackedPoints | Problems;
  /** The same for points that come from no file: values [count, dim], labels [count] or empty. */
  packPoints(
    values: Float32Array,
    labels: Uint8Array,
    dim: number,
  ): PackedPoints | Problems;
  /** The points in such a block. */
  unpackPoints(block: Uint8Array): UnpackedPoints | Problems;
  Session: new () => Session;
}

/** One experiment being trained. Call delete() when done. */
export interface Session {
  open(experiment: string, points: Uint8Array): Opened | Problems;
  /** Opens a run at the step it was saved at; on problems what was open stays. */
  openRun(
    name: string,
    model: Uint8Array,
    experiment: Uint8Array,
    points: Uint8Array,
    labels: Uint8Array,
    metrics: Uint8Array,
  ): OpenedRun | Problems;
  /** The run as one file, safetensors, that openRun() and `unnoise train --resume` take. */
  saveRun(): Uint8Array | Problems;
  /** Trains some steps (a few: keep slices short). */
  advance(steps: number): Progress | Problems;
  /** D10 fingerprint of the state now, 16 hex digits (costs a small sampling run). */
  fingerprint(): string | Problems;
  /** Points of the data law, [n, dim], data units; the same for the same seed. */
  data(n: number, seed: number): Float32Array | Problems;
  /**
   * Starts n particles on the way from noise to data with the EMA weights as they are now and the experiment's sampler
   * (words such as "sampler.steps=100" change it); `truth`: with the exact denoiser of the data instead. Replaces a run
   * under way.
   */
  startSampling(
    n: number,
    seed: number,
    words: string[],
    truth: boolean,
  ): Started | Problems;
  /** Starts n data points on the way to noise, on the sampler's grid. */
  startNoising(n: number, seed: number, words: string[]): Started | Problems;
  /** One transition; the grid index where the particles now are. */
  step(): number | Problems;
  /** The particles of the run under way, [n, dim], data units. */
  particles(): Float32Array | Problems;
  /**
   * Starts a field: at time t, from each node of a regular grid, the way to the predicted data. `window` is left, right,
   * bottom, top of the nodes in data units. With one coordinate there is one row. Uses the EMA weights as they are now.
   */
  startField(
    t: number,
    window: number[],
    nx: number,
    ny: number,
  ): { axes: number; ny: number } | Problems;
  /** Makes up to so many rows more; once all are made the arrows, [ny, nx, axes] in data units, rows upwards; else null. */
  fieldRows(rows: number): Float32Array | null | Problems;
  /** One point (its first two coordinates, data units) at time t, with sampler words as in startSampling. */
  probe(x: number[], t: number, words: string[]): Probed | Problems;
  delete(): void;
}
