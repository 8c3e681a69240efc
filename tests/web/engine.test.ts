// The protocol without a worker: a Host on the double, and the page's client.

import { describe, expect, it } from 'vitest';
import { Engine, type Port } from '../../web/src/engine/client';
import type { Problems } from '../../web/src/engine/core';
import { transferables, type Host } from '../../web/src/engine/host';
import { isProblems, type Frame } from '../../web/src/engine/protocol';
import { makeDouble, makeHost, makeTimedHost, openSessions } from './double';

const NOTHING = new Uint8Array();

function opened(host: Host): Host {
  const resolved = host.answer('resolve', {
    experiment: '',
    words: [],
    points: NOTHING,
  });
  if (isProblems(resolved)) throw new Error('no experiment');
  host.answer('open', {
    experiment: resolved.experiment,
    points: NOTHING,
    count: 10,
    seed: 0,
  });
  return host;
}

function finish(host: Host): Frame[] {
  const frames: Frame[] = [];
  for (let i = 0; i < 100_000; ++i) {
    const more = host.work();
    const frame = host.answer('frame', {});
    if (isProblems(frame)) throw new Error('no frame');
    frames.push(frame);
    if (!more) return frames;
  }
  throw new Error('the work does not end');
}

describe('a host', () => {
  it('trains to exactly the step that was asked for', () => {
    for (const tick of [0.01, 0.3, 5]) {
      const host = opened(makeHost(makeDouble(), tick));
      host.answer('train', { until: 137 });
      const frames = finish(host);
      expect(frames.at(-1)).toMatchObject({
        step: 137,
        running: false,
        busy: false,
      });
      const steps = frames.flatMap(({ losses }) =>
        Array.from(losses).filter((_, i) => i % 2 === 0),
      );
      expect(steps.at(-1)).toBe(137);
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
    }
  });

  it('keeps a field up with training, and at rest with its end', () => {
    const host = opened(makeTimedHost({ train: 2, sample: 1, row: 1 }));
    const ask = {
      t: 0.5,
      window: [-1, 1, -1, 1] as [number, number, number, number],
      nx: 4,
      ny: 3,
    };
    host.answer('field', { ask });
    host.answer('train', { until: 400 });
    const fields = finish(host).flatMap(({ field }) => field ?? []);
    expect(fields.length).toBeGreaterThan(2);
    expect(fields.length).toBeLessThan(9); // Unheld one a slice, 100.
    expect(fields.at(-1)).toMatchObject({ ...ask, step: 400, axes: 2 });
    expect(fields.at(-1)!.values.length).toBe(24);

    host.answer('field', { ask: { ...ask, t: 0.25 } });
    expect(finish(host).flatMap(({ field }) => field?.t ?? [])).toEqual([0.25]);
    host.answer('field', { ask: null });
    expect(host.work()).toBe(false);
  });

  it('drops a field that cannot be made, and goes on training', () => {
    const host = opened(makeHost());
    const window = [-1, 1, -1, 1] as [number, number, number, number];
    host.answer('field', { ask: { t: 7, window, nx: 4, ny: 3 } });
    host.answer('train', { until: 50 });
    const frames = finish(host);
    expect(frames.filter(({ problems }) => problems).length).toBe(1);
    expect(frames.at(-1)?.step).toBe(50);
  });

  it('answers between slices, and pauses where it is', () => {
    const host = opened(makeHost());
    host.answer('train', { until: 1000 });
    host.work();
    host.answer('pause', {});
    const frame = host.answer('frame', {}) as Frame;
    expect(frame.running).toBe(false);
    expect(frame.step).toBeGreaterThan(0);
    expect(frame.step).toBeLessThan(1000);
    expect(host.work()).toBe(false);
  });

  it('ends a slice before more of it would take too long', () => {
    const cost = { train: 3, sample: 3, row: 3 };
    const host = opened(makeTimedHost(cost));
    const slices = () => finish(host).flatMap((frame) => frame.slices);
    const draw = { count: 4, seed: 0, words: ['sampler.steps=20'] };
    const window = [-1, 1, -1, 1] as [number, number, number, number];
    host.answer('train', { until: 400 });
    host.answer('record', { direction: 'denoise', truth: false, draw });
    host.answer('field', { ask: { t: 0.5, window, nx: 4, ny: 30 } });
    const found = slices();
    expect(Math.max(...found)).toBe(6);
    expect(found.filter((slice) => slice === 6).length).toBeGreaterThan(200);

    // A slice that fits many pieces is nearly filled.
    cost.train = 0.125;
    host.answer('field', { ask: null });
    host.answer('train', { until: 4000 });
    const filled = slices().slice(20, -1);
    expect(Math.min(...filled)).toBeGreaterThan(7);
    expect(Math.max(...filled)).toBeLessThanOrEqual(8);

    // A machine that becomes slower is noticed within the slice.
    cost.train = 0.5;
    host.answer('train', { until: 4040 });
    expect(Math.max(...slices())).toBeLessThan(20);
  });

  it.each(['train', 'sample', 'row'] as const)(
    'begins with one piece of another session (%s)',
    (kind) => {
      const cost = { train: 0.125, sample: 0.125, row: 0.125 };
      const host = makeTimedHost(cost);
      const draw = { count: 4, seed: 0, words: ['sampler.steps=200'] };
      const window = [-1, 1, -1, 1] as [number, number, number, number];
      const slices = () => {
        opened(host);
        if (kind === 'train') host.answer('train', { until: 200 });
        if (kind === 'sample')
          host.answer('record', { direction: 'denoise', truth: false, draw });
        if (kind === 'row')
          host.answer('field', { ask: { t: 0.5, window, nx: 4, ny: 200 } });
        return finish(host).flatMap((frame) => frame.slices);
      };
      expect(slices().length).toBeLessThan(10);
      // However quick the last one was.
      cost[kind] = 50;
      expect(new Set(slices())).toEqual(new Set([50]));
    },
  );

  it('rests while held and then goes on', () => {
    const host = opened(makeHost());
    host.answer('train', { until: 50 });
    host.answer('hold', { held: true });
    expect(host.work()).toBe(false);
    expect(host.answer('frame', {})).toMatchObject({ step: 0, running: true });
    host.answer('hold', { held: false });
    expect(finish(host).at(-1)?.step).toBe(50);
  });

  it.each(['denoise', 'noise'] as const)(
    'records %s at every transition',
    (direction) => {
      const host = opened(makeHost());
      const started = host.answer('record', {
        direction,
        truth: false,
        draw: { count: 5, seed: 1, words: ['sampler.steps=20'] },
      });
      if (isProblems(started)) throw new Error('not started');
      expect(started.grid.length).toBe(21);
      const chunks = finish(host).flatMap(({ recording }) => recording ?? []);
      const slots = chunks.flatMap((chunk) => chunk.slots);
      const all = Array.from({ length: 21 }, (_, i) => i);
      expect(slots).toEqual(direction === 'noise' ? all : all.reverse());
      expect(chunks.filter(({ done }) => done).length).toBe(1);
      expect(
        chunks
          .flatMap((chunk) => chunk.frames)
          .every((frame) => frame.length === 10),
      ).toBe(true);
    },
  );

  it('records what the exact denoiser does where it is asked to', () => {
    const ends = [false, true].map((truth) => {
      const host = opened(makeHost());
      const draw = { count: 5, seed: 1, words: ['sampler.steps=4'] };
      host.answer('record', { direction: 'denoise', truth, draw });
      const chunks = finish(host).flatMap(({ recording }) => recording ?? []);
      return chunks.flatMap(({ frames }) => frames).at(-1);
    });
    expect(ends[0]).toHaveLength(10);
    expect(ends[1]).not.toEqual(ends[0]);
  });

  it('samples at once what needs no training, and trains nothing', () => {
    const host = makeHost();
    const resolved = host.answer('resolve', {
      experiment: '',
      words: ['family=exact'],
      points: new Uint8Array(),
    });
    if (isProblems(resolved)) throw new Error('not resolved');
    const { experiment } = resolved;
    const points = new Uint8Array();
    host.answer('open', { experiment, points, count: 9, seed: 0 });
    host.answer('live', { draw: { count: 4, seed: 0, words: [] } });
    host.answer('train', { until: 10 });
    const frames = finish(host);
    expect(frames.at(-1)).toMatchObject({ step: 0, running: false });
    const samples = frames.flatMap((frame) => frame.samples ?? []);
    expect(samples.map(({ values }) => values.length)).toEqual([8]);
  });

  it('thins a very long recording, both ends kept', () => {
    const host = opened(makeHost(makeDouble(), 0.01));
    const started = host.answer('record', {
      direction: 'denoise',
      truth: false,
      draw: { count: 1, seed: 1, words: ['sampler.steps=1001'] },
    });
    if (isProblems(started)) throw new Error('not started');
    expect(started.grid.length).toBeLessThanOrEqual(502);
    expect([started.grid[0]?.t, started.grid.at(-1)?.t]).toEqual([0, 1]);
    const slots = finish(host).flatMap(
      ({ recording }) => recording?.slots ?? [],
    );
    expect(slots.length).toBe(started.grid.length);
  });

  it('brings live samples while training and of the last step', () => {
    const host = opened(makeHost());
    host.answer('live', { draw: { count: 4, seed: 0, words: [] } });
    host.answer('train', { until: 3000 });
    const found = finish(host).flatMap(({ samples }) => samples ?? []);
    expect(found.length).toBeGreaterThan(1);
    expect(found.at(-1)?.step).toBe(3000);
  });

  it('records although live samples are wanted', () => {
    const host = opened(makeHost());
    host.answer('live', { draw: { count: 4, seed: 0, words: [] } });
    host.answer('train', { until: 1 });
    host.work();
    host.work();
    host.answer('record', {
      direction: 'denoise',
      truth: false,
      draw: { count: 5, seed: 1, words: [] },
    });
    const frames = finish(host);
    expect(frames.some(({ recording }) => recording?.done)).toBe(true);
    expect(frames.some(({ samples }) => samples !== null)).toBe(true);
  });

  it('makes problems of what the core throws, and stops that work', () => {
    const core = makeDouble();
    class Broken extends core.Session {
      override advance(): Problems {
        throw new Error('out of memory');
      }
    }
    const host = opened(makeHost({ ...makeDouble(), Session: Broken }));
    host.answer('train', { until: 5 });
    const frame = finish(host).at(-1);
    expect(frame?.problems?.problems[0]?.message).toBe('out of memory');
    expect(frame?.running).toBe(false);
  });

  it('says what is missing before anything is open', () => {
    expect(isProblems(makeHost().answer('train', { until: 1 }))).toBe(true);
    expect(isProblems(makeHost().answer('unknown' as 'pause', {}))).toBe(true);
  });

  it('closes the sessions it replaces', () => {
    const before = openSessions();
    const host = opened(opened(makeHost()));
    host.answer('preview', { words: ['data=rings'], count: 3, seed: 0 });
    host.answer('preview', { words: ['data=none'], count: 3, seed: 0 });
    expect(openSessions()).toBe(before + 1);
  });

  it('hands arrays over instead of copying them', () => {
    const values = new Float32Array(4);
    expect(
      transferables({ a: [{ values }], b: values, c: 'x', d: null }),
    ).toEqual([values.buffer]);
  });
});

describe('an engine that breaks', () => {
  it('answers with problems from then on', async () => {
    const port: Port = {
      postMessage: () => undefined,
      onmessage: null,
      onerror: null,
    };
    const engine = new Engine(port);
    const waiting = engine.call('pause', {});
    port.onerror?.({ message: 'no such file' } as ErrorEvent);
    expect(isProblems(await waiting)).toBe(true);
    expect(isProblems(await engine.call('frame', {}))).toBe(true);
  });
});
