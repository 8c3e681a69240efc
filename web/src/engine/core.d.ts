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
  /** Fields of an experiment: seed, family (inline), data, path, network, optimizer, rate, ema, batch, sampler, ... */
  experiment: FieldSchema[];
  metrics: { name: string; title: string; help: string }[];
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
  /** The family's default number of training steps. */
  horizon: number;
}

export interface Opened {
  dim: number;
  step: number;
  parameters: number;
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
  /** Reads CSV text. `name` is the file's name, for messages. Sets of up to 2,000 points are packed small enough for a link. */
  parsePoints(
    csv: string,
    name: string,
  ):
    | { block: Uint8Array; count: number; dim: number; digest: string }
    | Problems;
  /** The points in such a block, [count, dim], data units. */
  unpackPoints(
    block: Uint8Array,
  ): { values: Float32Array; count: number; dim: number } | Problems;
  Session: new () => Session;
}

/** One experiment being trained. Call delete() when done. */
export interface Session {
  open(experiment: string, points: Uint8Array): Opened | Problems;
  /** Trains some steps (a few: keep slices short). */
  advance(steps: number): Progress | Problems;
  /** D10 fingerprint of the state now, 16 hex digits (costs a small sampling run). */
  fingerprint(): string | Problems;
  /** Points of the data law, [n, dim], data units; the same for the same seed. */
  data(n: number, seed: number): Float32Array | Problems;
  /**
   * Starts n particles on the way from noise to data with the EMA weights as they are now and the experiment's sampler
   * (words such as "sampler.steps=100" change it). Replaces a run under way.
   */
  startSampling(n: number, seed: number, words: string[]): Started | Problems;
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
  /** model.safetensors as bytes. */
  checkpoint(): Uint8Array | Problems;
  delete(): void;
}
