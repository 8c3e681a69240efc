// The built wasm module of the solver laboratory, in node: its facade's
// promises that a double cannot show. What it computes is tested in core, and
// against the command line in e2e.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { SolverCore, SolverSession } from '../../web/src/engine/solvers';

const module = join(
  import.meta.dirname,
  '../../web/public/wasm/unnoise_solvers.mjs',
);
let core: SolverCore;

function good<T>(value: T): Exclude<T, { problems: unknown }> {
  expect(value).not.toHaveProperty('problems');
  return value as Exclude<T, { problems: unknown }>;
}

function open(words: string[]): SolverSession {
  const session = new core.SolverSession();
  good(session.open(good(core.resolve('', words)).experiment));
  return session;
}

beforeAll(async () => {
  expect(existsSync(module), 'build the wasm preset first').toBe(true);
  const { default: create } = (await import(pathToFileURL(module).href)) as {
    default: (options: object) => Promise<SolverCore>;
  };
  const wasmBinary = readFileSync(module.replace('.mjs', '.wasm'));
  core = await create({ wasmBinary });
});

const samplers = [
  ['sampler=ddim'],
  ['sampler=ode', 'sampler.method=rk4'],
  ['sampler=ddpm'],
];

test('errors are the same however the work is cut', () => {
  const texts = [1, 7, 10_000].map((pieces) => {
    const session = open(['data=rings']);
    let told = good(session.startErrors(300, 5, samplers, [4, 1, 2]));
    expect(told.rows).toEqual([]);
    while (told.done < told.pieces) told = good(session.errors(pieces));
    expect(told.rows).toHaveLength(9);
    expect(told.rows[0]).toMatchObject({
      sampler: 0,
      steps: 1,
      evaluations: 1,
    });
    expect(told.rows[2]).not.toHaveProperty('paths');
    expect(told.orders).toHaveLength(3);
    return session.errorsText();
  });
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).toBe(texts[0]);
  expect(texts[0]).toMatch(/^sampler,steps,evaluations,paths,law\nddim,1,1,/);
});

test('a sampler that stays at a level keeps no other from being measured', () => {
  const session = open(['data=rings']);
  const resting = ['sampler=ula'];
  const all = [resting, ...samplers];
  let told = good(session.startErrors(20, 5, all, [1, 2, 4]));
  while (told.done < told.pieces) told = good(session.errors(100));
  expect(told.left_out).toEqual([0]);
  expect(told.rows.map(({ sampler }) => sampler).slice(0, 4)).toEqual([
    1, 2, 3, 1,
  ]);
  expect(told.orders).toHaveLength(4);
  expect(told.orders[0]).toEqual({});
  expect(session.errorsText()).toMatch(/\nddim,1,1,/);
  expect(session.startErrors(20, 5, [resting], [1])).toMatchObject({
    problems: [
      {
        path: 'samplers',
        message: expect.stringContaining('does not go from') as string,
      },
    ],
  });
});

test('samplers share their start, and a way goes down the grid', () => {
  const session = open(['data=eight_gaussians']);
  const starts = samplers.map((words) => {
    const times = good(
      session.startSampling(9, 3, [...words, 'sampler.steps=4']),
    );
    expect(times).toHaveLength(5);
    const start = good(session.particles());
    expect([1, 2, 3, 4].map(() => session.step())).toEqual([3, 2, 1, 0]);
    const end = good(session.particles());
    expect(end.every(Number.isFinite)).toBe(true);
    expect(end).not.toEqual(start);
    return start;
  });
  expect(starts[1]).toEqual(starts[0]);
  expect(starts[2]).toEqual(starts[0]);
});

test('words are resolved as the command line reads them', () => {
  const resolved = good(core.resolve('', ['path=straight', 'sampler=ode']));
  expect(resolved.overrides).toEqual(['path=straight', 'sampler=ode']);
  const again = good(core.resolve(resolved.experiment, ['sampler.steps=7']));
  expect(again.overrides).toContain('sampler.steps=7');
  const names = core.describe().experiment.map(({ name }) => name);
  expect(names).toEqual(['data', 'path', 'sampler']);
});

test('bad input is a value with its place', () => {
  const session = new core.SolverSession();
  expect(session.data(1, 0)).toHaveProperty('problems');
  expect(session.errors(1)).toHaveProperty('problems');
  expect(session.open('{')).toHaveProperty('problems');
  expect(core.resolve('', ['data=nothing'])).toHaveProperty('problems');
  expect(core.resolve('', ['data=points'])).toMatchObject({
    problems: [{ path: 'data' }],
  });
  const law = open(['data=rings']);
  expect(law.step()).toHaveProperty('problems');
  expect(law.startSampling(0, 0, [])).toHaveProperty('problems');
  expect(law.startErrors(1, 0, samplers, [1])).toMatchObject({
    problems: [{ path: 'n' }],
  });
  expect(law.startErrors(9, 0, samplers, [0])).toMatchObject({
    problems: [{ path: 'steps' }],
  });
  expect(law.startErrors(9, 0, [], [1])).toMatchObject({
    problems: [{ path: 'samplers' }],
  });
  expect(law.startErrors(9, 0, [['sampler=no']], [1])).toHaveProperty(
    'problems',
  );
});
