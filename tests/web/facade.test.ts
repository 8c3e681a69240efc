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

let core: Core;

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
    default: (options: object) => Promise<Core>;
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
    good(session.startSampling(50, 3, ['sampler.steps=10']));
    while (session.step() !== 0) if (training) session.advance(5);
    const particles = session.particles() as Float32Array;
    session.delete();
    return Array.from(particles);
  });
  expect(drawn[1]).toEqual(drawn[0]);
  expect(drawn[0]!.every(Number.isFinite)).toBe(true);
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
    expect(session.startSampling(n, 0, [])).toHaveProperty('problems');
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
