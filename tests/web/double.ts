// A stand-in for the wasm module with the same contract and none of its
// mathematics: a small description, a loss that falls, particles that go
// straight from noise to data. For tests of the page's own logic only.

import type {
  Core,
  Description,
  FieldSchema,
  GridPoint,
  PackedPoints,
  Problem,
  Problems,
  Resolved,
  Session,
} from '../../web/src/engine/core';
import { Host } from '../../web/src/engine/host';

type Values = Record<string, unknown>;

const field = (
  path: string,
  type: FieldSchema['type'],
  more: Partial<FieldSchema> = {},
): FieldSchema => ({
  name: path.split('.').at(-1)!,
  path,
  type,
  help: `What ${path} does.`,
  ...more,
});

const noise = field('data.noise', 'real', {
  default: 0.05,
  min: 0,
  max: 1,
  scale: 'linear',
});

const sampler = field('sampler', 'kind', {
  default: 'ddim',
  kinds: [
    {
      name: 'ddim',
      title: 'DDIM',
      help: 'Deterministic.',
      fields: [
        field('sampler.steps', 'int', {
          default: 50,
          min: 1,
          max: 1000,
          scale: 'log',
        }),
      ],
    },
    {
      name: 'ode',
      title: 'Probability flow',
      help: 'Runge-Kutta.',
      fields: [
        field('sampler.steps', 'int', {
          default: 50,
          min: 1,
          max: 1000,
          scale: 'log',
        }),
        field('sampler.method', 'option', {
          default: 'heun',
          options: ['euler', 'heun'],
        }),
      ],
    },
    {
      name: 'ula',
      title: 'Langevin',
      help: 'Stays at one time.',
      fields: [
        field('sampler.steps', 'int', {
          default: 200,
          min: 1,
          max: 1000,
          scale: 'log',
        }),
        field('sampler.t', 'real', {
          default: 0.05,
          min: 0,
          max: 1,
          scale: 'linear',
        }),
      ],
    },
  ],
});

export const DESCRIPTION: Description = {
  version: '0.0.0',
  threads: 1,
  experiment: [
    field('seed', 'int', { default: 0, min: 0, max: 2 ** 53 - 1 }),
    field('family', 'kind', {
      default: 'ddpm',
      inline: true,
      kinds: [
        {
          name: 'ddpm',
          title: 'DDPM',
          help: 'Predicts noise.',
          fields: [
            field('batch', 'int', {
              default: 512,
              min: 1,
              max: 4096,
              scale: 'log',
            }),
            field('network', 'section', {
              fields: [
                field('network.width', 'int', {
                  default: 128,
                  min: 1,
                  max: 1024,
                  scale: 'log',
                }),
                field('network.activation', 'option', {
                  default: 'silu',
                  options: ['silu', 'tanh', 'relu'],
                }),
              ],
            }),
            field('ema', 'section', {
              fields: [field('ema.on', 'bool', { default: true })],
            }),
            sampler,
          ],
        },
        {
          name: 'exact',
          title: 'Exact',
          help: 'The truth.',
          fields: [sampler],
        },
      ],
    }),
    field('data', 'kind', {
      default: 'two_moons',
      kinds: [
        {
          name: 'two_moons',
          title: 'Two moons',
          help: 'Half circles.',
          fields: [noise],
        },
        { name: 'rings', title: 'Rings', help: 'Circles.', fields: [noise] },
        {
          name: 'gaussian_mixture',
          title: 'Mixture',
          help: 'Any.',
          fields: [
            field('data.means', 'numbers', { default: [[0, 0]], rank: 2 }),
          ],
        },
        {
          name: 'points',
          title: 'Your points',
          help: 'A file.',
          fields: [
            field('data.file', 'text', { default: '' }),
            field('data.count', 'int', { default: 0, min: 0, max: 1e6 }),
            field('data.dim', 'int', { default: 2, min: 1, max: 64 }),
            field('data.digest', 'text', { default: '' }),
          ],
        },
      ],
    }),
  ],
};

/** The field at a dotted path, under whatever kind. */
export function fieldAt(
  path: string,
  fields = DESCRIPTION.experiment,
): FieldSchema {
  const found = every(fields).find((field) => field.path === path);
  if (!found) throw new Error(path);
  return found;
}

function every(fields: FieldSchema[]): FieldSchema[] {
  return fields.flatMap((field) => [
    field,
    ...every(field.fields ?? []),
    ...every((field.kinds ?? []).flatMap((kind) => kind.fields)),
  ]);
}

function put(values: Values, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  let at = values;
  for (const key of keys) at = (at[key] ??= {}) as Values;
  at[last] = value;
}

/** Every field by path under a choice of kinds, defaults written to `values`. */
function spread(
  kinds: Map<string, string>,
  values: Values,
): Map<string, FieldSchema> {
  const found = new Map<string, FieldSchema>();
  const visit = (fields: FieldSchema[]): void => {
    for (const entry of fields) {
      found.set(entry.path, entry);
      if (entry.type === 'section') visit(entry.fields ?? []);
      else if (entry.type === 'kind') {
        const kind = kinds.get(entry.path) ?? String(entry.default);
        put(values, `${entry.path}.kind`, kind);
        visit(entry.kinds?.find(({ name }) => name === kind)?.fields ?? []);
      } else put(values, entry.path, entry.default);
    }
  };
  visit(DESCRIPTION.experiment);
  return found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function resolve(
  experiment: string,
  words: string[],
  points: Uint8Array,
): Resolved | Problems {
  const problems: Problem[] = [];
  let all = [
    ...((experiment ? JSON.parse(experiment) : []) as string[]),
    ...words,
  ];
  // Another kind drops the fields of the one before.
  for (const path of ['data', 'sampler']) {
    const last = all.map((word) => word.startsWith(`${path}=`));
    const from = last.lastIndexOf(true);
    const below = (word: string) => /^\w+/.exec(word)?.[0] === path;
    all = all.filter((word, i) => i >= from || !below(word));
  }
  const latest = new Map(all.map((word) => [word.split('=')[0]!, word]));
  const kinds = new Map<string, string>();
  for (const entry of every(DESCRIPTION.experiment)) {
    const word = entry.type === 'kind' ? latest.get(entry.path) : undefined;
    const kind = word?.slice(entry.path.length + 1);
    if (kind === undefined) continue;
    if (entry.kinds?.some(({ name }) => name === kind))
      kinds.set(entry.path, kind);
    else
      problems.push({ path: entry.path, message: `no kind is named ${kind}` });
  }
  const values: Values = {};
  const fields = spread(kinds, values);
  const overrides: string[] = [];
  for (const [key, word] of latest) {
    const entry = fields.get(key);
    const value = parse(word.slice(key.length + 1));
    if (!word.includes('='))
      problems.push({ path: word, message: 'write key=value' });
    else if (!entry) problems.push({ path: key, message: 'no such key' });
    else if (
      typeof value === 'number' &&
      (value < (entry.min ?? -Infinity) || value > (entry.max ?? Infinity))
    ) {
      problems.push({
        path: key,
        message: `must be from ${entry.min} to ${entry.max}`,
      });
    } else {
      if (entry.type !== 'kind') put(values, key, value);
      if (JSON.stringify(value) !== JSON.stringify(entry.default))
        overrides.push(word);
    }
  }
  if ((kinds.get('data') === 'points') !== points.length > 0) {
    problems.push({ path: 'data', message: 'points and data do not fit' });
  }
  if (problems.length > 0) return { problems };
  return {
    experiment: JSON.stringify([...latest.values()]),
    values,
    overrides,
    hash: '0'.repeat(16),
    horizon: 20000,
  };
}

class DoubleSession implements Session {
  private step_ = 0;
  private words = '';
  private index = 0;
  private run: {
    from: Float32Array;
    to: Float32Array;
    steps: number;
    down: boolean;
  } | null = null;
  private own: Float32Array | null = null;
  static open = 0;
  constructor() {
    ++DoubleSession.open;
  }

  open(experiment: string, points: Uint8Array) {
    this.words = experiment;
    const own = points.length > 0 && makeDouble().unpackPoints(points);
    if (own && 'values' in own) this.own = own.values;
    const trainable = !experiment.includes('family=exact');
    return { dim: 2, step: 0, trainable, parameters: trainable ? 34000 : 0 };
  }
  advance(steps: number) {
    this.step_ += steps;
    return {
      step: this.step_,
      loss: 0.3 + 0.7 / (1 + this.step_ / 100),
      grad_norm: 1,
      rate: 1e-3,
      state: 'ok' as const,
    };
  }
  fingerprint() {
    return this.step_.toString(16).padStart(16, '0');
  }
  data(n: number, seed: number) {
    const { own } = this;
    if (own)
      return Float32Array.from(
        { length: 2 * n },
        (_, i) => own[i % own.length]!,
      );
    return Float32Array.from({ length: 2 * n }, (_, i) => {
      const angle = (Math.floor(i / 2) + seed) * 2.4;
      return i % 2 ? Math.sin(angle) : Math.cos(angle);
    });
  }
  private start(n: number, words: string[], down: boolean, truth = false) {
    const steps = Number(
      words.find((word) => word.startsWith('sampler.steps='))?.slice(14) ?? 50,
    );
    const from = Float32Array.from(
      { length: 2 * n },
      (_, i) => 1.5 * Math.sin(i * i * 12.9898 + i),
    );
    this.run = { from, to: this.data(n, truth ? 2 : 1), steps, down };
    this.index = down ? steps : 0;
    const grid: GridPoint[] = Array.from({ length: steps + 1 }, (_, i) => ({
      t: i / steps,
      alpha: 1 - i / steps,
      sigma: i / steps,
    }));
    return { grid, n, dim: 2 };
  }
  startSampling(n: number, _seed: number, words: string[], truth: boolean) {
    return this.start(n, words, true, truth);
  }
  startNoising(n: number, _seed: number, words: string[]) {
    return this.start(n, words, false);
  }
  step() {
    return (this.index += this.run!.down ? -1 : 1);
  }
  particles() {
    const { from, to, steps } = this.run!;
    const part = 1 - this.index / steps;
    return from.map((value, i) => value + part * (to[i]! - value));
  }
  // A run file of the double: JSON with the step and the experiment.
  openRun(
    name: string,
    model: Uint8Array,
    experiment: Uint8Array,
    points: Uint8Array,
    _labels: Uint8Array,
    metrics: Uint8Array,
  ) {
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    const run = parse(text(model));
    if (typeof run !== 'object' || run === null) {
      return { problems: [{ path: name, message: 'is no run' }] };
    }
    const { step, words } = run as { step: number; words: string[] };
    this.words =
      experiment.length > 0 ? text(experiment) : JSON.stringify(words);
    const opened = this.open(this.words, points);
    this.step_ = step;
    return {
      ...opened,
      step,
      experiment: this.words,
      seed: 7,
      block: points,
      file: 'own.csv',
      digest: 'd'.repeat(16),
      losses: Float32Array.from(
        text(metrics).split('\n').filter(Boolean).map(Number),
      ),
    };
  }
  saveRun() {
    const words = parse(this.words || '[]');
    return new TextEncoder().encode(
      JSON.stringify({ step: this.step_, words }),
    );
  }
  private field: { values: number[]; row: number; nx: number } | null = null;
  /** Every arrow points to the middle, and is longer later. */
  startField(t: number, window: number[], nx: number, ny: number) {
    const [left, right, bottom, top] = window as [
      number,
      number,
      number,
      number,
    ];
    if (!(t >= 0 && t <= 1)) return { problems: [{ path: 't', message: '' }] };
    const values: number[] = [];
    for (let j = 0; j < ny; ++j) {
      for (let i = 0; i < nx; ++i) {
        values.push(-t * (left + ((right - left) * i) / (nx - 1)));
        values.push(-t * (bottom + ((top - bottom) * j) / (ny - 1)));
      }
    }
    this.field = { values, row: ny, nx };
    return { axes: 2, ny };
  }
  fieldRows(rows: number) {
    this.field!.row -= rows;
    return this.field!.row > 0 ? null : Float32Array.from(this.field!.values);
  }
  probe(x: number[], t: number) {
    return {
      step: this.step_,
      data: Float32Array.of(0, 0),
      noise: Float32Array.from(x),
      next: Float32Array.from(x, (value) => 0.9 * value),
      nextT: 0.9 * t,
      way: Float32Array.of(...x, 0, 0),
    };
  }
  delete() {
    --DoubleSession.open;
  }
}

/** A block of the double: count, dim, the values and the labels. */
function packed(
  values: Float32Array,
  labels: Uint8Array,
  dim: number,
): PackedPoints {
  const count = values.length / dim;
  const head = new Uint8Array(Uint32Array.of(count, dim).buffer);
  const bytes = new Uint8Array(values.slice().buffer);
  return {
    block: Uint8Array.of(...head, ...bytes, ...labels),
    count,
    dim,
    digest: 'd'.repeat(16),
    classes: new Set(labels).size,
  };
}

export function makeDouble(): Core {
  return {
    describe: () => DESCRIPTION,
    resolve,
    parsePoints(bytes, name) {
      const rows = new TextDecoder()
        .decode(bytes)
        .trim()
        .split('\n')
        .map((line) => line.split(',').map(Number));
      const bad = rows.findIndex(
        (row) => row.length !== 2 || row.some(Number.isNaN),
      );
      if (bad >= 0)
        return {
          problems: [
            { path: `${name}:${bad + 1}`, message: 'needs two numbers' },
          ],
        };
      return packed(Float32Array.from(rows.flat()), new Uint8Array(), 2);
    },
    packPoints: (values, labels, dim) =>
      values.length % dim === 0
        ? packed(values, labels, dim)
        : { problems: [{ path: 'points', message: 'not whole points' }] },
    unpackPoints(block) {
      const [count = 0, dim = 1] = new Uint32Array(block.slice(0, 8).buffer);
      const end = 8 + 4 * count * dim;
      if (count < 2 || block.length < end)
        return { problems: [{ path: '', message: 'cut' }] };
      const values = new Float32Array(block.slice(8, end).buffer);
      return { values, labels: block.slice(end), count, dim };
    },
    Session: DoubleSession,
  };
}

/** How many sessions are open and not yet deleted. */
export const openSessions = (): number => DoubleSession.open;

/** A clock on which everything takes a fixed time. */
export function makeHost(core = makeDouble(), tick = 0.5): Host {
  let now = 0;
  return new Host(core, () => (now += tick));
}

/** A host whose work takes what `cost` says at the time, and nothing else any. */
export function makeTimedHost(cost: {
  train: number;
  sample: number;
  row: number;
}): Host {
  let now = 0;
  class Timed extends DoubleSession {
    override advance(steps: number) {
      now += cost.train * steps;
      return super.advance(steps);
    }
    override step() {
      now += cost.sample;
      return super.step();
    }
    override fieldRows(rows: number) {
      now += cost.row * rows;
      return super.fieldRows(rows);
    }
  }
  return new Host({ ...makeDouble(), Session: Timed }, () => now);
}
