// The built wasm module itself, in node: the facade's promises that a double
// cannot show. Whole runs in the browser are in e2e.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { Core, Session } from '../../web/src/engine/core';

const root = join(import.meta.dirname, '../..');
const module = join(root, 'web/public/wasm/unnoise.mjs');
const none = new Uint8Array();

interface Golden {
  words: string[];
  steps: number;
  fingerprint: string;
}
const goldens = JSON.parse(
  readFileSync(join(root, 'tests/golden.json'), 'utf8'),
) as Golden[];

/** With the module's memory, for its size. */
type Module = Core & { readonly HEAPU8: Uint8Array };
let core: Module;

function good<T extends object>(value: T): Exclude<T, { problems: unknown }> {
  expect(value).not.toHaveProperty('problems');
  return value as Exclude<T, { problems: unknown }>;
}

function open(words: string[]): Session {
  const session = new core.Session();
  const { experiment } = good(core.resolve('', words, none));
  good(session.open(experiment, none));
  return session;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

const small = ['network.width=16', 'network.depth=1', 'batch=32'];

beforeAll(async () => {
  expect(existsSync(module), 'build the wasm preset first').toBe(true);
  const { default: create } = (await import(pathToFileURL(module).href)) as {
    default: (options: object) => Promise<Module>;
  };
  const wasmBinary = readFileSync(module.replace('.mjs', '.wasm'));
  core = await create({ wasmBinary });
});

test('the first golden run ends in its fingerprint, in slices', () => {
  const golden = goldens[0]!;
  const session = open(golden.words);
  for (let step = 0; step < golden.steps; step += 50) {
    good(session.advance(50));
  }
  expect(session.fingerprint()).toBe(golden.fingerprint);
  session.delete();
});

test('a sampling under way does not see the training beside it', () => {
  const drawn = [false, true].map((training) => {
    const session = open(small);
    session.advance(20);
    good(session.startSampling(50, 3, ['sampler.steps=10'], false));
    while (session.step() !== 0) if (training) session.advance(5);
    const particles = session.particles() as Float32Array;
    session.delete();
    return Array.from(particles);
  });
  expect(drawn[1]).toEqual(drawn[0]);
  expect(drawn[0]!.every(Number.isFinite)).toBe(true);
});

test('a field is of the weights at its start, however its rows are cut', () => {
  const made = [1, 7, 100].map((rows) => {
    const session = open(small);
    session.advance(20);
    const window = [-2, 2, -1, 1];
    expect(good(session.startField(0.5, window, 9, 7))).toEqual({
      axes: 2,
      ny: 7,
    });
    let values: Float32Array | null = null;
    while (!values) {
      values = session.fieldRows(rows) as Float32Array | null;
      session.advance(1);
    }
    session.delete();
    return Array.from(values);
  });
  expect(made[0]!.length).toBe(9 * 7 * 2);
  expect(made[0]!.every(Number.isFinite)).toBe(true);
  expect(made[1]).toEqual(made[0]);
  expect(made[2]).toEqual(made[0]);
});

test('a probe says what the field says there, and where it would go', () => {
  const session = open(small);
  session.advance(20);
  session.startField(0.5, [-2, 2, -1, 1], 3, 3);
  const field = session.fieldRows(3) as Float32Array;
  const x = [2, -1]; // The third node of the first row.
  const probe = good(session.probe(x, 0.5, ['sampler.steps=10']));
  expect(probe.step).toBe(20);
  // Field and probe round differently: a place to data units and back.
  [0, 1].forEach((axis) =>
    expect(probe.data[axis]! - x[axis]!).toBeCloseTo(field[4 + axis]!, 5),
  );
  expect(probe.nextT).toBeLessThan(0.5);
  expect(Array.from(probe.way.slice(2, 4))).toEqual(Array.from(probe.next));
  expect(probe.way.length).toBe(2 * (1 + 5));
  const long = good(session.probe(x, 0.9, ['sampler.steps=10000']));
  expect(long.way.length).toBeLessThanOrEqual(2 * 65);
  session.delete();
});

test('what cannot be looked at is refused with a place', () => {
  const session = open(small);
  const bad = [
    session.startField(2, [0, 1, 0, 1], 5, 5),
    session.startField(NaN, [0, 1, 0, 1], 5, 5),
    session.startField(0.5, [1, 0, 0, 1], 5, 5),
    session.startField(0.5, [0, 1, 0, Infinity], 5, 5),
    session.startField(0.5, [0, 1], 5, 5),
    session.startField(0.5, [0, 1, 0, 1], 1, 5),
    session.startField(0.5, [0, 1, 0, 1], 5, 100000),
    session.fieldRows(5),
    session.probe([0], 0.5, []),
    session.probe([0, NaN], 0.5, []),
    session.probe([0, 0], -1, []),
    session.probe([0, 0], 0.5, ['sampler=none']),
  ];
  for (const answer of bad) expect(answer).toHaveProperty('problems');
  session.delete();
});

test('failures are values with a place and a repair', () => {
  const session = new core.Session();
  const answers = [
    core.resolve('{"seed":1,"seed":2}', [], none),
    core.resolve('', ['network.width=0'], none),
    core.resolve('', ['data=points'], new Uint8Array([1, 2, 3])),
    core.parsePoints(bytesOf('1,2\nfoo,3\n'), 'mine.csv'),
    core.unpackPoints(new Uint8Array(7)),
    session.open('{', none),
    session.advance(1),
    session.fingerprint(),
    session.particles(),
  ];
  for (const answer of answers) {
    expect(answer).toHaveProperty('problems');
    const { problems } = answer as { problems: { message: string }[] };
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]!.message.length).toBeGreaterThan(10);
  }
  session.delete();
});

test('a failed open leaves the session as it was', () => {
  const session = open(small);
  session.advance(3);
  const before = session.fingerprint();
  expect(session.open('{"batch":0}', none)).toHaveProperty('problems');
  expect(session.fingerprint()).toBe(before);
  for (const n of [0, -1, 1e9]) {
    expect(session.startSampling(n, 0, [], false)).toHaveProperty('problems');
    expect(session.data(n, 0)).toHaveProperty('problems');
  }
  for (const seed of [NaN, -1, 0.5]) {
    expect(session.data(5, seed)).toHaveProperty('problems');
  }
  session.delete();
});

test('points go in as CSV and come back as their codes', () => {
  const { block, count, dim, classes } = good(
    core.parsePoints(bytesOf('0,0\n1,2\n0.25,1\n'), 'p.csv'),
  );
  expect([count, dim, classes]).toEqual([3, 2, 0]);
  const { values } = good(core.unpackPoints(block));
  // A code is exact at the ends of an axis and within half a level between.
  const points = [0, 0, 1, 2, 0.25, 1];
  values.forEach((value, i) =>
    expect(Math.abs(value - points[i]!)).toBeLessThan(2 / 131070 + 1e-7),
  );
  const resolved = good(core.resolve('', ['data=points'], block));
  expect(resolved.overrides.join(' ')).toContain('data.count=3');
});

test('a run of the command line is opened and goes on to the bit', () => {
  // As the first program left it; its bits are those of the native tests.
  const folder = join(root, 'tests/core/fixtures/format-1/points');
  const file = (name: string) =>
    Uint8Array.from(readFileSync(join(folder, name)));
  const session = new core.Session();
  const model = file('model.safetensors');
  const opened = good(
    session.openRun(
      'model.safetensors',
      model,
      file('experiment.json'),
      file('data.npy'),
      none,
      file('metrics.jsonl'),
    ),
  );
  expect(opened).toMatchObject({ step: 3, dim: 2, file: 'points.csv' });
  expect([...opened.losses].filter((_, i) => i % 2 === 0)).toEqual([1, 2, 3]);
  expect(session.fingerprint()).toBe('f319cdf0478cd41c');
  good(session.advance(3));
  expect(session.fingerprint()).toBe('2e5cd0d5c33e62d8');

  // The run as one file, opened again, is the same run.
  const bytes = good(session.saveRun());
  const again = new core.Session();
  const reopened = good(again.openRun('run', bytes, none, none, none, none));
  expect(reopened).toMatchObject({ step: 6, seed: 5 });
  expect(reopened.block).toEqual(opened.block);
  expect(reopened.losses.length).toBe(12);
  expect(again.fingerprint()).toBe('2e5cd0d5c33e62d8');

  // What is missing or no run is refused, and what is open stays.
  for (const [files, message] of [
    [[model, none, none], 'experiment.json'],
    [[model, file('experiment.json'), none], 'data.npy'],
    [[bytes.slice(0, 500), none, none], 'run: this is not a whole'],
  ] as const) {
    const answer = again.openRun('run', ...files, none, none);
    expect(answer).toHaveProperty('problems');
    const { problems } = answer as {
      problems: { path: string; message: string }[];
    };
    expect(`${problems[0]?.path}: ${problems[0]?.message}`).toContain(message);
  }
  expect(again.fingerprint()).toBe('2e5cd0d5c33e62d8');
  session.delete();
  again.delete();
});

test('drawn points are packed with their labels, and unpacked again', () => {
  const values = Float32Array.of(0, 0, 1, 1, 0.5, -0);
  const labels = Uint8Array.of(3, 255, 3);
  const { block, count, dim, digest, classes } = good(
    core.packPoints(values, labels, 2),
  );
  expect([count, dim, classes]).toEqual([3, 2, 2]);
  const back = good(core.unpackPoints(block));
  expect([back.count, back.dim]).toEqual([3, 2]);
  expect(back.labels).toEqual(labels);
  // The points that came back are those that are kept: the same block again.
  const again = good(core.packPoints(back.values, back.labels, 2));
  expect(again.digest).toBe(digest);
  expect(again.block).toEqual(block);
  const bare = good(core.packPoints(values, none, 2));
  expect(bare.digest).not.toBe(digest);
  expect(good(core.unpackPoints(bare.block)).labels).toEqual(none);
  const resolved = good(core.resolve('', ['data=points'], block));
  expect(resolved.overrides).toContain(`data.digest=${digest}`);
});

test('points that cannot be packed are refused with a sentence', () => {
  for (const [values, labels, dim] of [
    [Float32Array.of(1, 2), none, 2],
    [Float32Array.of(1, 2, 3), none, 2],
    [Float32Array.of(1, 2, NaN, 4), none, 2],
    [Float32Array.of(1, 2, 3, 4), Uint8Array.of(1), 2],
    [Float32Array.of(1, 2, 3, 4), none, 0],
    [new Float32Array(130), none, 65],
    [new Float32Array(1000001), none, 1],
  ] as const) {
    const answer = core.packPoints(values, labels, dim);
    expect(answer).toHaveProperty('problems');
  }
});

test('memory stays as it is while runs come and go', () => {
  const round = (seed: number) => {
    const session = open([...small, `seed=${seed}`]);
    good(session.advance(30));
    good(session.startSampling(200, seed, ['sampler.steps=2'], false));
    while ((session.step() as number) > 0);
    session.delete();
  };
  for (let i = 0; i < 5; ++i) round(i);
  const before = core.HEAPU8.length;
  for (let i = 0; i < 100; ++i) round(i);
  expect(core.HEAPU8.length).toBe(before);
});

test('what the memory does not hold is refused before it is tried', () => {
  const words = ['network.width=1024', 'network.depth=8', 'batch=65536'];
  const { experiment } = good(core.resolve('', words, none));
  const session = new core.Session();
  const { problems } = session.open(experiment, none) as {
    problems: { path: string; message: string }[];
  };
  expect(problems).toHaveLength(1);
  expect(problems[0]!.path).toBe('batch');
  expect(problems[0]!.message).toMatch(/takes \d+ MB of memory, and there are/);
  session.delete();
  const next = open(small);
  good(next.advance(1));
  next.delete();
});
