// The built module of the process laboratory itself, in node: the promises of
// its facade that a double cannot show.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type {
  ProcessCore,
  ProcessSession,
} from '../../web/src/engine/processes';

const folder = join(import.meta.dirname, '../../web/public/wasm');
const module = join(folder, 'unnoise_processes.mjs');
let core: ProcessCore;

function good<T extends object>(value: T): Exclude<T, { problems: unknown }> {
  expect(value).not.toHaveProperty('problems');
  return value as Exclude<T, { problems: unknown }>;
}

function placeOf(value: object): string {
  expect(value).toHaveProperty('problems');
  return (value as { problems: { path: string }[] }).problems[0]!.path;
}

function opened(name: string, words: string[] = [], n = 400, seed = 5) {
  const session = new core.ProcessSession();
  return { session, about: good(session.open(name, words, n, seed)) };
}

/** Particles and law to their end, by so many steps at a time. */
function finished(session: ProcessSession, at: number, cells = 0) {
  while (!good(session.move(at)).done) continue;
  const started = good(session.startLaw(cells, []));
  const particles = good(session.particles());
  if (!started.way) return { started, particles, law: null };
  while (!good(session.moveLaw(at)).done) continue;
  return { started, particles, law: good(session.law()) };
}

beforeAll(async () => {
  expect(existsSync(module), 'build the wasm preset first').toBe(true);
  const { default: create } = (await import(pathToFileURL(module).href)) as {
    default: (options: object) => Promise<ProcessCore>;
  };
  const wasmBinary = readFileSync(module.replace('.mjs', '.wasm'));
  core = await create({ wasmBinary });
});

describe('the module of processes', () => {
  test('describes every process once, under a heading', () => {
    const { fields, groups, version } = core.describe();
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    const names = fields[0]!.kinds!.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(22);
    expect(groups.flatMap((group) => group.names)).toEqual(names);
    // What the link says beside them is no field of any.
    const paths = fields[0]!.kinds!.flatMap((kind) =>
      kind.fields.map(({ path }) => path),
    );
    const asked = ['process', 'n', 'seed', 'cells', 'window', 'knife'];
    for (const own of [...asked, 'v', 'sum', 'hide']) {
      expect(paths).not.toContain(own);
    }
  });

  test('brings every process to its end, with a law or the reason', () => {
    for (const { name } of core.describe().fields[0]!.kinds!) {
      const { session, about } = opened(name, [], 20);
      const { started, particles, law } = finished(session, 1000, 0);
      const { times } = particles;
      expect(times.length, name).toBe(about.times);
      expect(times.at(-1), name).toBe(about.tMax);
      expect(particles.paths.length, name).toBe(
        about.times * about.shown * about.axes.length,
      );
      for (const x of particles.paths) expect(Number.isFinite(x)).toBe(true);
      if (!law) {
        expect(started.why, name).toMatch(/\.$/);
        continue;
      }
      const cells = started.axes.reduce((all, { count }) => all * count, 1);
      expect(law.density.length, name).toBe(about.times * cells);
      session.delete();
    }
  }, 60_000);

  test('gives the same numbers however the work is cut', () => {
    const whole = finished(opened('double_well').session, 10_000);
    const cut = finished(opened('double_well').session, 7);
    expect(cut).toEqual(whole);
  });

  test('knows the process: moments, closed form, law at rest', () => {
    // More steps than moments are kept.
    const words = ['x0=[2]', 'steps=1000'];
    const { session } = opened('ornstein_uhlenbeck', words, 2000);
    const { started, particles, law } = finished(session, 50);
    expect(started.way).toBe('fokker_planck');
    const { count, low, high } = started.axes[0]!;
    const width = (high - low) / count;
    const middle = 100; // t = 2.5
    expect(particles.times[middle]).toBe(2.5);
    expect(particles.exact[2 * middle]).toBeCloseTo(2 * Math.exp(-2.5), 12);
    expect(law!.moments[2 * middle]).toBeCloseTo(2 * Math.exp(-2.5), 3);
    // Four standard errors of 2,000 particles.
    const mean = particles.moments[2 * middle]!;
    expect(Math.abs(mean - 2 * Math.exp(-2.5))).toBeLessThan(
      4 * Math.sqrt(0.5 / 2000),
    );
    const row = (values: Float32Array) =>
      values.subarray(middle * count, (middle + 1) * count);
    const [density, closed] = [row(law!.density), row(law!.closed)];
    let apart = 0;
    density.forEach((p, i) => {
      apart += Math.abs(p - closed[i]!) * width;
    });
    expect(apart).toBeLessThan(2e-3); // cells of an eightieth of the window
    // A point has no density.
    expect(law!.closed[0]).toBeNaN();
    const rest = law!.stationary.reduce((sum, p) => sum + p * width, 0);
    expect(rest).toBeCloseTo(1, 5);
    expect(law!.current.length).toBe(201 * (count + 1));
    expect(law!.quantiles[3 * middle + 1]).toBeCloseTo(2 * Math.exp(-2.5), 1);
  });

  test('counts particles in states against the master equation', () => {
    const { session, about } = opened('two_states', [], 5000);
    const { started, particles, law } = finished(session, 50);
    expect(about.states).toBe(2);
    expect(started.way).toBe('closed_form');
    const last = 2 * (about.times - 1);
    const exact = (2 / 3) * (1 - Math.exp(-7.5));
    expect(law!.density[last + 1]).toBeCloseTo(exact, 6);
    expect(Math.abs(particles.density[last + 1]! - exact)).toBeLessThan(
      4 * Math.sqrt((exact * (1 - exact)) / 5000),
    );
  });

  test('refuses with a place and a sentence, and keeps what was open', () => {
    const { session } = opened('ornstein_uhlenbeck');
    expect(placeOf(session.open('ornstein', [], 10, 0))).toBe('ornstein');
    expect(placeOf(session.open('ode', ['rate=fast'], 10, 0))).toContain(
      'rate',
    );
    expect(placeOf(session.open('ode', [], 0, 0))).toBe('n');
    expect(placeOf(session.open('ode', [], 10, 0.5))).toBe('seed');
    const much = session.open(
      'brownian_motion',
      ['x0=[0,0]', 'steps=200'],
      100_000,
      0,
    );
    expect(placeOf(much)).toBe('n');
    // Still the first one.
    expect(good(session.move(1000)).done).toBe(true);
    expect(placeOf(session.startLaw(0, [1, -1]))).toBe('window');
    expect(placeOf(session.startLaw(1, []))).toBe('cells');
    expect(good(session.startLaw(4000, [])).why).toContain('fewer cells');
    expect(good(session.startLaw(50, [-4, 4])).axes[0]).toEqual({
      name: 'x',
      low: -4,
      high: 4,
      count: 50,
    });
    expect(new core.ProcessSession().move(1)).toHaveProperty('problems');
  });

  test('an explosion is a problem with its time', () => {
    const words = ['f=[1000]', 't_max=10', 'scheme=euler'];
    const { session } = opened('linear_sde', words);
    const moved = session.move(1000);
    expect(placeOf(moved)).toBe('steps');
    expect(JSON.stringify(moved)).toMatch(/not finite any more at t = \d/);
  });
});
