// The process laboratory without a browser: links, the protocol on a double,
// the laboratory on that, and what is drawn.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { Engine, type Port } from '../../web/src/engine/client';
import { ProcessHost } from '../../web/src/engine/process-host';
import type { ProcessCalls } from '../../web/src/engine/process-protocol';
import type {
  ProcessCore,
  ProcessSession,
} from '../../web/src/engine/processes';
import { isProblems, problem, type Reply } from '../../web/src/engine/protocol';
import {
  drawAxes,
  drawCurrent,
  drawKnife,
  drawPaths,
  drawQuantiles,
  drawTimeMap,
  usualTop,
  type Frame,
} from '../../web/src/processes/draw';
import { ProcessLab, type Around } from '../../web/src/processes/lab';
import {
  commandOf,
  decodeLink,
  DEFAULT_ASK,
  DEFAULT_VIEW,
  encodeLink,
} from '../../web/src/processes/link';
import { drawSection } from '../../web/src/processes/section';
import { rowOf, spreadsAt } from '../../web/src/processes/state';
import { fakeImages, recorder, theme } from './canvas';

const STEPS = 100;

/** Particles and a law that are where their step's number is. */
class Session implements ProcessSession {
  private at = 0;
  private lawAt = 0;
  private n = 0;

  open(name: string, words: string[], n: number) {
    if (name === 'nothing') return problem('nothing', 'There is none.');
    const wrong = words.find((word) => word.startsWith('rate=-'));
    if (wrong) return problem('rate', 'Found less than 0; give more.');
    this.at = this.lawAt = 0;
    this.n = n;
    const rate = words.find((word) => word.startsWith('rate='));
    return {
      values: { process: { kind: name }, rate: Number(rate?.slice(5) ?? 1) },
      overrides: [`process=${name}`, ...words],
      axes: ['x'],
      states: 0,
      steps: STEPS,
      tMax: 5,
      times: 3,
      shown: Math.min(n, 2),
    };
  }
  move(steps: number) {
    this.at = Math.min(STEPS, this.at + steps);
    if (this.n === 13) return problem('steps', 'Not finite any more.');
    return { position: this.at, done: this.at === STEPS };
  }
  startLaw(cells: number) {
    if (cells === 3) return problem('cells', 'Give 4 or more.');
    const axis = { name: 'x', low: -1, high: 1, count: 2 };
    return this.n === 7
      ? { axes: [axis], bins: [axis], why: 'nothing is known.' }
      : { axes: [axis], bins: [axis], way: 'fokker_planck' as const };
  }
  moveLaw(steps: number) {
    this.lawAt = Math.min(STEPS, this.lawAt + steps);
    return { position: this.lawAt, done: this.lawAt === STEPS };
  }
  particles() {
    return {
      times: Float64Array.of(0, 2.5, 5),
      paths: Float32Array.of(0, 0, 1, -1, 0.5, 0),
      density: Float32Array.of(0.5, 0.5, 0, 1, 0.25, 0.75),
      moments: Float64Array.of(0, 0, 1, 4, 2, 9),
      exact: Float64Array.of(NaN, NaN, 1, 4, 2, 9),
    };
  }
  law() {
    return {
      density: Float32Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
      closed: Float32Array.of(NaN, NaN, 0.5, 0.5, 0.5, 0.5),
      current: Float32Array.of(0, 1, 0, 0, 0.5, 0, 0, 0, 0),
      moments: Float64Array.of(0, 0, 1, 4, 2, 9),
      quantiles: Float64Array.of(-1, 0, 1, -1, 0, 1, -1, 0, 1),
      stationary: new Float32Array(),
    };
  }
  delete() {}
}

const rate = {
  name: 'rate',
  path: 'rate',
  type: 'real' as const,
  help: 'How fast.',
  default: 1,
  min: 0,
  max: 10,
};
const core: ProcessCore = {
  describe: () => ({
    version: '0',
    groups: [{ title: 'All', names: ['ornstein_uhlenbeck', 'other'] }],
    fields: [
      {
        name: 'process',
        path: 'process',
        type: 'kind',
        help: 'The law.',
        inline: true,
        kinds: ['ornstein_uhlenbeck', 'other'].map((name) => ({
          name,
          title: name.toUpperCase(),
          help: 'Moves.',
          fields: [rate],
        })),
      },
    ],
  }),
  ProcessSession: Session,
};

describe('a link', () => {
  it('goes there and back', () => {
    const link = {
      ask: {
        name: 'double_well',
        words: ['sigma=0.5', 'x0=[1]'],
        n: 500,
        seed: 7,
        cells: 100,
        window: [-3, 2.5],
      },
      view: { layers: ['density' as const], theme: 'dark' as const },
      knife: 1.25,
    };
    const hash = encodeLink(link);
    expect(hash).toBe(
      'process=double_well&sigma=0.5&x0=%5B1%5D&n=500&seed=7&cells=100&window=-3,2.5&knife=1.25&view.layers=density&theme=dark',
    );
    expect(decodeLink(`#${hash}`)).toEqual({ ...link, problems: [] });
    const plain = { ask: DEFAULT_ASK, view: DEFAULT_VIEW, knife: null };
    expect(encodeLink(plain)).toBe('process=ornstein_uhlenbeck');
    expect(decodeLink('')).toEqual({ ...plain, problems: [] });
  });

  it('tells what it cannot read, with the place, and keeps the rest', () => {
    const { ask, problems } = decodeLink(
      'n=0&seed=x&window=3,1&knife=-2&view.layers=all&theme=red&%E0%A4&alone&rate=2&rate=3',
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'n',
      'seed',
      'window',
      'knife',
      'view.layers',
      'theme',
      '%E0%A4',
      'alone',
      'rate',
    ]);
    expect(problems[2]!.message).toContain('Found 3,1; give low,high');
    expect(ask).toEqual({ ...DEFAULT_ASK, words: ['rate=2'] });
  });

  it('passes over what other pages have', () => {
    const { ask, problems } = decodeLink('v=1&sum=0c4e5f10&hide=help&rate=2');
    expect(problems).toEqual([]);
    expect(ask.words).toEqual(['rate=2']);
  });

  it('has a command that gives the same files', () => {
    const ask = { ...DEFAULT_ASK, words: ['x0=[3]'], n: 10, window: [-1, 4] };
    expect(commandOf(ask, true)).toBe(
      "unnoise process ornstein_uhlenbeck 'x0=[3]' --n 10 --seed 0 --frames 201 --out paths.npy --density density.npy --window=-1,4",
    );
    expect(commandOf(ask, false)).not.toContain('density');
  });
});

function makeHost(tick: number): ProcessHost {
  let now = 0;
  return new ProcessHost(core, () => (now += tick));
}

describe('a host', () => {
  it('brings the particles, then the law, however it is cut', () => {
    for (const tick of [0.01, 1, 20]) {
      const host = makeHost(tick);
      expect(host.work()).toBe(false);
      const opened = host.answer('open', { ...DEFAULT_ASK });
      if (isProblems(opened)) throw new Error('not opened');
      let arrived = 0;
      let laws = 0;
      for (let i = 0; i < 1000; ++i) {
        const more = host.work();
        const frame = host.answer('frame', {});
        if (isProblems(frame)) throw new Error('no frame');
        if (frame.arrived) {
          ++arrived;
          expect(frame.particlesDone).toBe(1);
          expect(laws).toBe(0);
        }
        if (frame.law) ++laws;
        expect(frame.busy).toBe(more);
        if (!more) break;
      }
      expect([arrived, laws]).toEqual([1, 1]);
    }
  });

  it('stops with a problem, and goes on with what is opened next', () => {
    const host = makeHost(1);
    host.answer('open', { ...DEFAULT_ASK, n: 13 });
    while (host.work()) continue;
    expect(host.answer('frame', {})).toMatchObject({
      busy: false,
      arrived: null,
      problems: { problems: [{ path: 'steps' }] },
    });
    // A problem of an opening leaves what is there.
    expect(host.answer('open', { ...DEFAULT_ASK, name: 'nothing' })).toEqual(
      problem('nothing', 'There is none.'),
    );
    host.answer('open', { ...DEFAULT_ASK, n: 7 });
    while (host.work()) continue;
    expect(host.answer('frame', {})).toMatchObject({
      arrived: { started: { why: 'nothing is known.' } },
      law: null,
      problems: null,
    });
  });
});

/** A laboratory on the double, whose worker and frames go on as they are asked. */
async function makeLab(hash = '') {
  const host = makeHost(1);
  const port: Port = {
    postMessage: ({ id, call, question }) => {
      const answer = host.answer(call as 'frame', question as never);
      queueMicrotask(() => {
        port.onmessage?.({ data: { id, answer } } as MessageEvent<Reply>);
      });
    },
    onmessage: null,
    onerror: null,
  };
  let now = 0;
  const around: Around & { address: string } = {
    base: 'http://lab/',
    carried: null,
    form: 'page',
    page: 'http://lab/processes.html',
    address: hash,
    hash: () => around.address,
    setHash: (next: string) => {
      around.address = next;
    },
    nextFrame: (callback: (now: number) => void) => {
      setImmediate(() => {
        host.work();
        callback((now += 400));
      });
    },
    copy: () => Promise.resolve(true),
  };
  const lab = new ProcessLab(new Engine<ProcessCalls>(port), around);
  const rest = async () => {
    for (let i = 0; i < 50; ++i) await new Promise(setImmediate);
  };
  await lab.start(null);
  await rest();
  return { lab, around, rest };
}

describe('the laboratory', () => {
  it('opens what the address says and lays the knife there', async () => {
    const { lab, around } = await makeLab('#process=other&rate=2&knife=2.4');
    expect(lab.state.ask).toMatchObject({ name: 'other', words: ['rate=2'] });
    expect(lab.state.knife).toBe(1);
    expect(lab.state.busy).toBe(false);
    expect(lab.state.law).not.toBeNull();
    expect(lab.state.notices).toEqual([]);
    // Nothing was changed, so the address is as it was.
    expect(around.address).toBe('#process=other&rate=2&knife=2.4');
    expect(spreadsAt(lab.state, 1, 0)).toEqual({
      particles: { mean: 1, std: 2 },
      law: { mean: 1, std: 2 },
      exact: { mean: 1, std: 2 },
    });
    expect(spreadsAt(lab.state, 0, 0).exact).toBeNull();
    expect(lab.embed).toContain(
      'src="http://lab/processes_embed.html#process=other&amp;rate=2&amp;knife=2.5"',
    );
    lab.cutAt(4.9);
    lab.settleKnife();
    expect(around.address).toBe('#process=other&rate=2');
  });

  it('tells what is wrong with a link and shows something', async () => {
    const { lab } = await makeLab('#process=nothing&n=0');
    expect(lab.state.ask.name).toBe('ornstein_uhlenbeck');
    expect(lab.state.particles).not.toBeNull();
    expect(lab.state.notices[0]!.problems.map(({ path }) => path)).toEqual([
      'n',
      'nothing',
    ]);
  });

  it('keeps of a link all but what is wrong', async () => {
    const { lab } = await makeLab(
      '#process=other&rate=-1&scale=2&n=500&seed=3&cells=50&window=-2,2&knife=2.5',
    );
    expect(lab.state.ask).toEqual({
      name: 'other',
      words: ['scale=2'],
      n: 500,
      seed: 3,
      cells: 50,
      window: [-2, 2],
    });
    expect(lab.state.knife).toBe(1);
    const [notice] = lab.state.notices;
    expect(notice!.problems.map(({ path }) => path)).toEqual(['rate']);
  });

  it('makes changes one after the other', async () => {
    const { lab, around, rest } = await makeLab();
    const scale = { ...rate, name: 'scale', path: 'scale' };
    await Promise.all([
      lab.experiment.setText(rate, '2'),
      lab.experiment.setText(scale, '3'),
      lab.experiment.setText({ ...rate, path: 'n' }, '50'),
    ]);
    await rest();
    expect(lab.state.ask).toMatchObject({
      words: ['rate=2', 'scale=3'],
      n: 50,
    });
    expect(around.address).toContain('rate=2&scale=3&n=50');
    await Promise.all([
      lab.experiment.setText(rate, '4'),
      lab.experiment.setText(rate, 'fast'),
    ]);
    expect(lab.state.drafts['rate']!.text).toBe('fast');
  });

  it('goes on with what is open when another is refused', async () => {
    const { lab, rest } = await makeLab();
    await lab.experiment.setText(rate, '2');
    await lab.experiment.setText(rate, '-1');
    expect(lab.state.busy).toBe(true);
    await rest();
    expect(lab.state.busy).toBe(false);
    expect(lab.state.law).not.toBeNull();
    expect(lab.state.ask.words).toEqual(['rate=2']);
  });

  it('draws particles as what they were opened as', async () => {
    const { lab, rest } = await makeLab();
    await lab.experiment.setText({ ...rate, path: 'n' }, '1');
    expect(lab.state.particles).not.toBeNull();
    expect(lab.state.opened!.shown).toBe(1);
    expect(lab.state.drawn!.shown).toBe(2);
    await rest();
    expect(lab.state.drawn).toBe(lab.state.opened);
  });

  it('has the knife where a link or else a person puts it', async () => {
    const { lab, rest } = await makeLab('#knife=2.5');
    expect(lab.state.knife).toBe(1);
    await lab.experiment.setText(rate, '2');
    lab.choose('nothing');
    await rest();
    expect(lab.state.knife).toBe(1);
    await lab.experiment.setText(rate, '3');
    lab.cut(0);
    expect(lab.link).toContain('knife=0');
    await rest();
    expect(lab.state.knife).toBe(0);
    // A link without one is of the end.
    await lab.openLink('#rate=3');
    await rest();
    expect(lab.state.knife).toBe(2);
  });

  it('shows nothing beside settings that it is not of', async () => {
    const { lab, rest } = await makeLab('#window=-2,2');
    await lab.experiment.setText({ ...rate, path: 'cells' }, '3');
    await rest();
    const { particles, drawn, busy, notices } = lab.state;
    expect([particles, drawn, busy]).toEqual([null, null, false]);
    expect(notices.map(({ id }) => id)).toEqual(['work']);
    lab.choose('other');
    await rest();
    expect(lab.state.ask).toEqual({ ...DEFAULT_ASK, name: 'other' });
    expect(lab.state.particles).not.toBeNull();
  });

  it('keeps what was typed and is wrong, beside its place', async () => {
    const { lab, around, rest } = await makeLab();
    await lab.experiment.setText(rate, 'fast');
    expect(lab.state.drafts['rate']).toMatchObject({ text: 'fast' });
    await lab.experiment.setText(rate, '-1');
    expect(lab.state.drafts['rate']!.problems[0]!.message).toContain('give');
    expect(lab.state.ask.words).toEqual([]);
    await lab.experiment.setText(rate, '3');
    await rest();
    expect(lab.state.drafts).toEqual({});
    expect(around.address).toBe('#process=ornstein_uhlenbeck&rate=3');
    const n = { ...rate, path: 'n' };
    await lab.experiment.setText(n, '0');
    expect(lab.state.drafts['n']!.problems[0]!.message).toContain('100,000');
    lab.choose('other');
    await rest();
    expect(lab.state.drafts).toEqual({});
    expect(lab.state.ask).toMatchObject({ name: 'other', words: [] });
  });

  it('plays to the end and rests', async () => {
    const { lab, rest } = await makeLab('#knife=0');
    const seen: number[] = [];
    lab.subscribe(() => seen.push(lab.state.knife));
    lab.play();
    expect(lab.state.playing).toBe(true);
    await rest();
    expect(lab.state.playing).toBe(false);
    expect(lab.state.knife).toBe(2);
    expect(seen).toContain(1);
  });

  it('shows particles alone where nothing else is known', async () => {
    const { lab } = await makeLab('#n=7');
    expect(lab.state.started?.why).toBe('nothing is known.');
    expect(lab.state.law).toBeNull();
  });
});

const frame: Frame = {
  left: 40,
  top: 10,
  width: 200,
  height: 100,
  x: [0, 5],
  y: [-1, 1],
};
const times = Float64Array.of(0, 2.5, 5);
const paths = {
  times,
  values: Float32Array.of(0, 0, 1, -1, 0.5, 0),
  shown: 2,
  dim: 1,
  count: 2,
  states: false,
};

function drawn(draw: (context: CanvasRenderingContext2D) => void): string[] {
  const { calls, context } = recorder();
  draw(context);
  return calls;
}

describe('the picture', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('has axes with labels', () => {
    expect(
      drawn((context) => {
        drawAxes(context, frame, theme, { x: 't', y: 'x' });
      }),
    ).toMatchSnapshot();
  });

  it('draws paths, and those of states as steps', () => {
    expect(
      drawn((context) => {
        drawPaths(context, frame, paths, theme);
        drawPaths(context, frame, { ...paths, states: true }, theme);
      }),
    ).toMatchSnapshot();
  });

  it('draws quantiles, knife and current', () => {
    expect(
      drawn((context) => {
        const lines = Float64Array.of(-1, 0, 1, -1, 0, 1, -0.5, 0, 0.5);
        drawQuantiles(context, frame, times, lines, theme);
        drawKnife(context, frame, 2.5, theme);
        drawCurrent(context, frame, 2.5, Float32Array.of(0, 1, 0), 1, theme);
      }),
    ).toMatchSnapshot();
  });

  it('draws a section of numbers and of states', () => {
    const section = {
      particles: Float32Array.of(0.5, 0),
      law: Float32Array.of(0.4, 0.6),
      closed: Float32Array.of(0.5, 0.5),
      stationary: Float32Array.of(0.3, 0.7),
      states: false,
    };
    expect(
      drawn((context) => {
        const across: Frame = { ...frame, x: [0, 1] };
        drawSection(context, across, section, theme);
        drawSection(context, across, { ...section, states: true }, theme);
      }),
    ).toMatchSnapshot();
  });

  it('maps a density: time to the right, the first cell at the bottom', () => {
    const images = fakeImages();
    const density = Float32Array.of(0, 1, 0, 1, 0, 1);
    drawn((context) => {
      drawTimeMap(
        context,
        { ...frame, width: 8 },
        { times, density, top: 1, smooth: true },
      );
    });
    const { width, height, data } = images[0]!;
    expect([width, height]).toEqual([4, 2]);
    // Full above, nothing below.
    expect(data[3]).toBe(255);
    expect(data[4 * 4 + 3]).toBe(0);
  });

  it('takes its colours from usual moments', () => {
    expect(usualTop(Float32Array.of(100, 0, 1, 0, 2, 0, 3, 0), 4)).toBe(2);
    expect(usualTop(new Float32Array(4), 2)).toBe(1);
    expect(rowOf(Float32Array.of(1, NaN), 1, 2)).toBeNull();
    expect(rowOf(Float32Array.of(1, 2, 3, 4), 1, 2)).toEqual(
      Float32Array.of(3, 4),
    );
  });
});
