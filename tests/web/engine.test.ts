// The protocol without a worker: a Host on the double, and a Lab in front.

import { beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, performKey } from '../../web/src/actions';
import { Engine, type Port } from '../../web/src/engine/client';
import type { Problems } from '../../web/src/engine/core';
import { Host, transferables } from '../../web/src/engine/host';
import {
  isProblems,
  type Frame,
  type Reply,
  type Request,
} from '../../web/src/engine/protocol';
import { History } from '../../web/src/store/history';
import { FIRST_STEPS, Lab, type Surroundings } from '../../web/src/store/lab';
import { fieldAt, makeDouble, openSessions } from './double';

const NOTHING = new Uint8Array();

/** A clock on which everything takes a fixed time. */
function makeHost(core = makeDouble(), tick = 0.5): Host {
  let now = 0;
  return new Host(core, () => (now += tick));
}

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

  it('thins a very long recording, both ends kept', () => {
    const host = opened(makeHost(makeDouble(), 0.01));
    const started = host.answer('record', {
      direction: 'denoise',
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

/** A page around a host: everything that would be asynchronous is on call. */
class Page implements Surroundings {
  base = 'https://example.org/lab/';
  page = 'https://example.org/lab/';
  address = '';
  reducedMotion = false;
  saved: [string, string | Uint8Array][] = [];
  copied = '';
  host = makeHost();
  lab: Lab;
  private frames: ((now: number) => void)[] = [];
  private now = 0;

  constructor(address = '', reducedMotion = false) {
    this.address = address;
    this.reducedMotion = reducedMotion;
    const port: Port = {
      onmessage: null,
      onerror: null,
      postMessage: ({ id, call, question }: Request) => {
        const answer: unknown = this.host.answer(
          call,
          structuredClone(question),
        );
        queueMicrotask(() => {
          port.onmessage?.({ data: { id, answer } } as MessageEvent<Reply>);
        });
      },
    };
    this.lab = new Lab(new Engine(port), this);
  }
  hash = () => this.address;
  setHash = (hash: string) => {
    this.address = hash;
  };
  nextFrame = (callback: (now: number) => void) => {
    this.frames.push(callback);
  };
  copy = (text: string) => {
    this.copied = text;
    return Promise.resolve(true);
  };
  save = (name: string, content: string | Uint8Array) => {
    this.saved.push([name, content]);
  };

  /** Lets the page and the engine do a number of frames. */
  async run(count = 200): Promise<void> {
    for (let i = 0; i < count; ++i) {
      this.host.work();
      this.now += 16;
      const due = this.frames;
      this.frames = [];
      for (const callback of due) callback(this.now);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  async start(): Promise<this> {
    const started = this.lab.start(null);
    await this.run(20);
    await started;
    return this;
  }
}

describe('a lab', () => {
  let page: Page;
  beforeEach(async () => {
    page = await new Page('#data=rings&seed=7&steps=300').start();
  });

  it('opens a link, trains to its step and shows the fingerprint', async () => {
    await page.run();
    const { state } = page.lab;
    expect(state).toMatchObject({ step: 300, running: false, until: 300 });
    expect(state.resolved?.values['seed']).toBe(7);
    expect(state.fingerprint).toEqual({
      step: 300,
      value: (300).toString(16).padStart(16, '0'),
    });
    expect(state.history.loss(state.history.length - 1)).toBeLessThan(
      state.history.loss(0),
    );
    expect(page.address).toMatch(
      /^#v=1&sum=\w{8}&data=rings&seed=7&steps=300$/,
    );
    expect(page.lab.commands[0]).toBe(
      'unnoise train data=rings --seed 7 --steps 300 --out runs/rings',
    );
  });

  it('plays what it has learned once trained, then can be scrubbed', async () => {
    await page.run(60);
    expect(page.lab.state).toMatchObject({ mode: 'replay', playing: true });
    await page.run(400);
    expect(page.lab.state).toMatchObject({ playing: false, position: 0 });
    await page.lab.seek(12);
    expect(page.lab.state).toMatchObject({ mode: 'replay', position: 12 });
    await page.lab.nudge(-1);
    expect(page.lab.state.position).toBe(11);
    await page.lab.setDirection('noise');
    await page.run(5);
    await page.lab.play();
    await page.run(400);
    expect(page.lab.state.position).toBe(50);
  });

  it('waits for a person where motion is unwanted', async () => {
    const calm = await new Page('', true).start();
    await calm.run(30);
    expect(calm.lab.state).toMatchObject({
      step: 0,
      running: false,
      until: FIRST_STEPS,
    });
    expect(calm.lab.state.live?.step).toBe(0);
    calm.lab.train();
    await calm.run();
    expect(calm.lab.state).toMatchObject({ step: FIRST_STEPS, mode: 'live' });
  });

  it('takes single steps, pauses, trains on and resets', async () => {
    await page.lab.pause();
    await page.lab.reset();
    expect(page.lab.state).toMatchObject({ step: 0, running: false });
    page.lab.stepOnce();
    await page.run(10);
    expect(page.lab.state).toMatchObject({ step: 1, until: 300 });
    page.lab.setUntil('40');
    page.lab.train();
    await page.run();
    expect(page.lab.state.step).toBe(40);
    page.lab.setUntil('0');
    expect(page.lab.state.until).toBe(40);
  });

  it('starts again after a change, and says so', async () => {
    await page.run(60);
    await page.lab.setText(fieldAt('network.width'), '64');
    expect(page.lab.state.notices.map(({ id }) => id)).toEqual(['restarted']);
    expect(page.lab.state.step).toBe(0);
    await page.run(60);
    expect(page.lab.state).toMatchObject({ step: 300, notices: [] });
    expect(page.address).toContain('network.width=64');
  });

  it('keeps what was learned when only the sampler changes', async () => {
    await page.run(60);
    await page.lab.setText(fieldAt('sampler.steps'), '20');
    expect(page.lab.state.step).toBe(300);
    await page.lab.play();
    expect(page.lab.state.recordings.denoise?.grid.length).toBe(21);
  });

  it('keeps a bad entry beside its field and the experiment as it was', async () => {
    const before = page.lab.state.resolved;
    await page.lab.setText(fieldAt('network.width'), '5000');
    expect(page.lab.state.drafts['network.width']).toEqual({
      text: '5000',
      problems: [{ path: 'network.width', message: 'must be from 1 to 1024' }],
    });
    await page.lab.setText(fieldAt('network.width'), 'wide');
    expect(page.lab.state.drafts['network.width']?.text).toBe('wide');
    expect(page.lab.state.resolved).toBe(before);
    await page.lab.setText(fieldAt('network.width'), '128');
    expect(page.lab.state.drafts).toEqual({});
  });

  it('tells what of a link it could not use, and leaves the address', async () => {
    const address =
      '#data=rings&network.widht=3&seed=99999999999999999999&steps=1e9';
    const odd = await new Page(address).start();
    const [notice] = odd.lab.state.notices;
    const places = notice?.problems.map(({ path }) => path);
    expect(places).toEqual([
      'steps',
      'network.widht=3',
      'seed=99999999999999999999',
    ]);
    expect(odd.lab.state.resolved?.overrides).toEqual(['data=rings']);
    expect(odd.address).toBe(address);
  });

  it('reads a CSV, shares its points in the link, and reads them back', async () => {
    const csv = new File(['0,1\n1,0\n1,1\n'], 'mine.csv');
    await page.lab.loadFile(csv);
    expect(page.lab.state.points).toMatchObject({ name: 'mine.csv', count: 3 });
    expect(page.lab.commands[0]).toContain('data=mine.csv');
    const other = await new Page(
      page.lab.linkUrl.replace(/^[^#]*/, ''),
    ).start();
    expect(other.lab.state.notices).toEqual([]);
    expect(other.lab.state.points).toEqual({
      ...page.lab.state.points,
      digest: '',
    });
    expect(other.lab.state.data).toEqual(page.lab.state.data);
  });

  it('keeps what is shown when a CSV is bad', async () => {
    const before = page.lab.state.resolved;
    await page.lab.loadFile(new File(['1,2\nthree,4\n'], 'bad.csv'));
    expect(page.lab.state.notices[0]).toMatchObject({
      id: 'csv',
      problems: [{ path: 'bad.csv:2', message: 'needs two numbers' }],
    });
    expect(page.lab.state.resolved).toBe(before);
  });

  it('asks for the file that a link could not hold, and then opens it', async () => {
    const words = `data=points&data.file=mine.csv&data.digest=${'d'.repeat(16)}`;
    const other = await new Page(`#${words}&network.width=32`).start();
    expect(other.lab.state.notices.map(({ id }) => id)).toEqual(['file']);
    expect(other.lab.state.resolved?.overrides).toEqual(['network.width=32']);
    await other.lab.loadFile(new File(['0,1\n1,0\n'], 'mine.csv'));
    expect(other.lab.state.notices.map(({ id }) => id)).toEqual(['restarted']);
    expect(other.lab.state.resolved?.overrides).toContain('network.width=32');
    expect(other.lab.state.resolved?.overrides).toContain('data=points');
  });

  it('saves the samples of the model as it is', async () => {
    await page.run(60);
    const saving = page.lab.saveSamples('csv');
    await page.run(60);
    await saving;
    const [name, content] = page.saved[0] ?? [];
    expect(name).toBe('samples-step-300.csv');
    expect(String(content).trim().split('\n').length).toBe(601);
    await page.lab.saveCheckpoint();
    expect(page.saved[1]).toEqual([
      'model.safetensors',
      Uint8Array.of(1, 2, 3),
    ]);
  });

  it('acts on keys, each of its own', async () => {
    expect(new Set(ACTIONS.map(({ key }) => key)).size).toBe(ACTIONS.length);
    const press = (key: string) =>
      performKey({ key } as KeyboardEvent, page.lab);
    await page.lab.pause();
    await page.run(3);
    expect(press('2')).toBe(true);
    expect(page.lab.state.view.layers).toEqual(['data', 'trails']);
    expect(press('z')).toBe(false);
    expect(press('c')).toBe(true);
    await page.run(2);
    expect(page.copied).toMatch(/^https:\/\/example\.org\/lab\/#v=1/);
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

  it('is shown as such', async () => {
    const page = new Page();
    page.host.answer = () => ({
      problems: [{ path: 'engine', message: 'cannot load' }],
    });
    await page.lab.start(null);
    expect(page.lab.state).toMatchObject({
      phase: 'failed',
      lacks: 'load',
      failure: 'engine: cannot load',
    });
    const old = new Page();
    await old.lab.start('simd');
    expect(old.lab.state).toMatchObject({ phase: 'failed', lacks: 'simd' });
  });
});

describe('the loss history', () => {
  it('stays small, keeps its ends and its mean', () => {
    const history = new History();
    const pairs = Float32Array.from({ length: 20_000 }, (_, i) =>
      i % 2 ? 5 : i / 2 + 1,
    );
    history.add(pairs);
    expect(history.length).toBeLessThan(2048);
    expect(history.step(history.length - 1)).toBe(10_000);
    const gap = (i: number) => history.step(i) - history.step(i - 1);
    expect(gap(history.length - 2)).toBe(gap(1)); // as coarse late as early
    expect(history.loss(100)).toBe(5);
    expect(history.smooth(10).every((mean) => Math.abs(mean - 5) < 1e-12)).toBe(
      true,
    );
  });

  it('is smoothed without bending a slope', () => {
    const history = new History();
    history.add(
      Float32Array.from({ length: 80 }, (_, i) => (i % 2 ? i : i / 2)),
    );
    const smooth = history.smooth(5);
    // Sums of small whole numbers are exact.
    smooth.forEach((mean, i) => {
      expect(mean).toBe(2 * i + 1);
    });
  });

  it('leaves out what is no number', () => {
    const history = new History();
    history.add(Float32Array.of(1, NaN, 2, 3));
    expect([history.length, history.loss(0)]).toEqual([1, 3]);
  });
});
