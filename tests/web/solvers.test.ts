// The solver laboratory: its link, its state in front of a Host on the double,
// the host's part of it, and the chart by what it draws.

import { beforeEach, describe, expect, it } from 'vitest';
import {
  boxOf,
  drawErrors,
  powerText,
  xIn,
  yIn,
} from '../../web/src/scenes/errors';
import { SolversElement } from '../../web/src/components/solvers-app';
import { SolverLab } from '../../web/src/store/solvers';
import {
  decodeSolvers,
  DEFAULT_LINK,
  encodeSolvers,
  readSteps,
  readWhole,
} from '../../web/src/store/solvers-link';
import {
  fieldNamed,
  initialSolvers,
  progressOf,
  slotAt,
  type Solver,
  type Way,
} from '../../web/src/store/solvers-state';
import { Engine } from '../../web/src/engine/client';
import { isProblems, problem } from '../../web/src/engine/protocol';
import type { SolverHost } from '../../web/src/engine/solver-host';
import type { SolverCalls } from '../../web/src/engine/solver-protocol';
import { Around } from './page';
import { recorder, theme } from './canvas';
import { fieldAt } from './double';
import { makeSolverHost } from './solver-double';

const ADDRESS =
  '#data=rings&solver.1=ddim%20sampler.steps%3D4&solver.2=ode&steps=1,2,4&n=30&seed=7';

describe('its link', () => {
  it('holds the state and gives it back', () => {
    const link = {
      ...DEFAULT_LINK,
      words: ['data=rings', 'path.t_min=0.01'],
      samplers: [['sampler=ode', 'sampler.method=rk4', 'sampler.steps=7']],
      steps: [3, 5],
      n: 20,
      seed: 4,
      error: 'law' as const,
      t: 0.25,
    };
    const hash = encodeSolvers(link);
    expect(hash).toMatch(
      /^v=1&sum=\w{8}&data=rings&path.t_min=0.01&solver.1=ode%20sampler.method%3Drk4%20sampler.steps%3D7&steps=3,5&n=20&seed=4&error=law&t=0.25$/,
    );
    expect(decodeSolvers(`#${hash}`)).toEqual({ ...link, problems: [] });
    expect(decodeSolvers('')).toEqual({ ...DEFAULT_LINK, problems: [] });
    // The core's defaults are no words at all, and not this page's.
    const bare = { ...DEFAULT_LINK, words: [] };
    expect(decodeSolvers(encodeSolvers(bare)).words).toEqual([]);
  });

  it('tells what it cannot read, and keeps the rest', () => {
    const { problems, ...link } = decodeSolvers(
      '#v=2&n=1&steps=0,5&seed=-1&error=both&t=2&n=7&data=rings&%E0=1&lost',
    );
    expect(problems.map(({ path }) => path)).toEqual([
      'v',
      'n',
      'steps',
      'seed',
      'error',
      't',
      'n',
      '%E0=1',
      'lost',
    ]);
    expect(link).toEqual({ ...DEFAULT_LINK, words: ['data=rings'] });
    const odd = decodeSolvers('#hide=header&solver.1=ddim%20data=rings');
    expect(odd.problems.map(({ path }) => path)).toEqual(['hide', 'solver.1']);
    expect(odd.problems[1]!.message).toContain('data=rings is no setting');
    expect(odd).toMatchObject({ words: [], samplers: [['sampler=ddim']] });
    const cut = encodeSolvers({ ...DEFAULT_LINK, n: 99 }).slice(0, -1);
    expect(decodeSolvers(cut).problems).toHaveLength(1);
    const many = Array.from({ length: 7 }, (_, i) => `solver.${i + 1}=ddim`);
    const crowd = decodeSolvers(many.join('&'));
    expect(crowd.samplers).toHaveLength(6);
    expect(crowd.problems[0]!.message).toContain('up to 6');
  });

  it('reads numbers of steps as people write them', () => {
    expect(readSteps(' 10, 2 5,2 ')).toEqual([2, 5, 10]);
    for (const bad of ['', '0', '1001', '1.5', 'a', '5,-1']) {
      expect(readSteps(bad)).toBeNull();
    }
    expect(readWhole(' 12 ', 2, 12)).toBe(12);
    for (const bad of ['13', '1', '', '1e1', '2.0']) {
      expect(readWhole(bad, 2, 12)).toBeNull();
    }
  });
});

describe('a solver laboratory', () => {
  let around: Around<SolverHost>;
  let lab: SolverLab;
  const settle = () => around.run(100);

  async function open(address: string, host = makeSolverHost()): Promise<void> {
    around = new Around(host, address);
    lab = new SolverLab(new Engine<SolverCalls>(around.port), around);
    const started = lab.start(null);
    await settle();
    await started;
    await settle();
  }
  beforeEach(() => open(ADDRESS));

  const sampler = (name: string, i: number) =>
    fieldNamed(lab.state, 'sampler', lab.state.solvers[i]!.values)!
      .kinds!.flatMap(({ fields }) => fields)
      .find((field) => field.name === name)!;

  it('shows every way from the same start points, then measures', () => {
    const { state } = lab;
    expect(state).toMatchObject({ phase: 'ready', n: 30, seed: 7, dim: 2 });
    expect(state.notices).toEqual([]);
    const [one, two] = state.solvers.map(({ way }) => way!);
    expect(one!.done && two!.done).toBe(true);
    expect([one!.frames.length, two!.frames.length]).toEqual([5, 51]);
    expect(one!.frames[4]).toEqual(two!.frames[50]);
    expect(one!.frames.every((frame) => frame?.length === 60)).toBe(true);
    expect(state.measuring).toBe(false);
    expect(state.errors!.rows).toHaveLength(6);
    expect(state.measured).toEqual(['DDIM', 'Probability flow']);
    expect(state.said).toContain('measured');
  });

  it('gives away its state as link and command', async () => {
    expect(around.address).toMatch(/^#v=1&sum=/);
    expect(lab.command).toBe(
      "unnoise solvers exact data=rings --samplers 'ddim; ode' --steps 1,2,4 --n 30 --seed 7 --out errors.csv",
    );
    // What the page leaves out, the command line would refuse.
    lab.state.errors!.left_out = [0];
    expect(lab.command).toContain('--samplers ode --steps');
    lab.state.errors!.left_out = [];
    const { hash } = new URL(lab.link);
    const before = lab.state;
    await open(hash);
    expect(lab.state.solvers.map(({ words }) => words)).toEqual(
      before.solvers.map(({ words }) => words),
    );
    expect(lab.state.steps).toEqual(before.steps);
  });

  it('measures anew for another sampler, not for a picture of more steps', async () => {
    const { errors } = lab.state;
    await lab.setSampler(0, sampler('steps', 0), '8');
    await settle();
    expect(lab.state.errors).toBe(errors);
    expect(lab.state.solvers[0]!.way!.times).toHaveLength(9);
    await lab.setSampler(1, sampler('method', 1), 'euler');
    await settle();
    expect(lab.state.errors).not.toBe(errors);
    expect(lab.state.errors!.rows).toHaveLength(6);
    expect(lab.state.measured[1]).toBe('Probability flow, method euler');
    // Another kind keeps the number of steps, and nothing else.
    const kind = fieldNamed(
      lab.state,
      'sampler',
      lab.state.solvers[0]!.values,
    )!;
    await lab.setSampler(0, kind, 'ode');
    expect(lab.state.solvers[0]!.words).toEqual([
      'sampler=ode',
      'sampler.steps=8',
    ]);
  });

  it('keeps what cannot be used beside its field', async () => {
    await lab.setSampler(0, sampler('steps', 0), 'many');
    expect(lab.state.solvers[0]!.drafts['sampler.steps']!.text).toBe('many');
    await lab.setSampler(0, sampler('steps', 0), '5000');
    expect(
      lab.state.solvers[0]!.drafts['sampler.steps']!.problems,
    ).toHaveLength(1);
    await lab.setSampler(0, sampler('steps', 0), '6');
    expect(lab.state.solvers[0]!.drafts).toEqual({});
  });

  it('adds samplers up to six and removes them down to one', async () => {
    for (let i = 0; i < 6; ++i) await lab.addSolver();
    await settle();
    expect(lab.state.solvers).toHaveLength(6);
    expect(new Set(lab.state.solvers.map(({ id }) => id)).size).toBe(6);
    for (const { id } of lab.state.solvers) await lab.removeSolver(id);
    await settle();
    expect(lab.state.solvers).toHaveLength(1);
    expect(lab.state.errors!.rows).toHaveLength(3);
  });

  it('stops measuring when asked, and begins again', async () => {
    // Where a piece of work takes longer than a slice.
    await open(ADDRESS, makeSolverHost(9));
    await lab.setSteps(Array.from({ length: 20 }, (_, i) => i + 1));
    await around.run(5);
    await lab.cancel();
    const { errors } = lab.state;
    await settle();
    expect(lab.state).toMatchObject({ measuring: false, errors });
    expect(errors!.done).toBeLessThan(errors!.pieces);
    await lab.measure();
    await settle();
    expect(lab.state.errors!.done).toBe(lab.state.errors!.pieces);
    await lab.save();
    expect(around.saved).toEqual([['errors.csv', 'sampler,steps\n40']]);
  });

  it('plays from noise to data and can be scrubbed', async () => {
    lab.play();
    expect(lab.state).toMatchObject({ playing: true, t: 1 });
    await around.run(50);
    expect(lab.state.t).toBeLessThan(0.9);
    lab.setTime(0.5);
    expect(lab.state).toMatchObject({ playing: false, t: 0.5 });
    expect(around.address).toContain('&t=0.5');
    lab.play();
    await around.run(300);
    expect(lab.state).toMatchObject({ playing: false, t: 0 });
    expect(around.address).not.toContain('&t=');
  });

  it('opens a link that is partly wrong, and leaves the address be', async () => {
    const address = '#data=rings&solver.1=ddim&solver.2=nothing&steps=1,2';
    await open(address);
    expect(lab.state.phase).toBe('ready');
    expect(lab.state.solvers).toHaveLength(1);
    expect(lab.state.notices[0]!.problems).not.toEqual([]);
    expect(around.address).toBe(address);
    lab.setError('law');
    expect(around.address).toMatch(/^#v=1/);
  });

  it('loses no more of a link than what is wrong, and forgets the last one', async () => {
    await open(
      '#lost=1&data=rings&solver.1=ode%20sampler.steps=0%20sampler.method=euler',
    );
    expect(lab.state.resolved!.overrides).toContain('data=rings');
    expect(lab.state.solvers[0]!.words).toEqual([
      'sampler=ode',
      'sampler.method=euler',
    ]);
    const [notice] = lab.state.notices;
    expect(notice!.problems.map(({ path }) => path)).toEqual([
      'lost=1',
      'sampler.steps=0',
    ]);
    await lab.experiment.setText(fieldAt('data.noise'), 'much');
    expect(lab.state.drafts).not.toEqual({});
    const opened = lab.openLink(ADDRESS);
    await settle();
    await opened;
    expect(lab.state).toMatchObject({ notices: [], drafts: {} });
  });

  it('tells which sampler fails, until it is another or gone', async () => {
    const host = makeSolverHost();
    const answer = host.answer.bind(host);
    host.answer = (call, question) =>
      call === 'record' && JSON.stringify(question).includes('sampler=ode')
        ? problem('sampler', 'too steep')
        : answer(call, question);
    await open(ADDRESS, host);
    const told = () => lab.state.notices.map(({ id, title }) => [id, title]);
    const { id } = lab.state.solvers[1]!;
    const one = [`way.${id}`, 'Probability flow cannot go its way here.'];
    expect(told()).toEqual([one]);
    await lab.addSolver();
    await settle();
    expect(told()).toContainEqual(one);
    await lab.removeSolver(id);
    await settle();
    expect(told()).not.toContainEqual(one);
  });

  it('tells of a way that fails on its way', async () => {
    const host = makeSolverHost(9);
    await open(ADDRESS, host);
    const answer = host.answer.bind(host);
    const [, { id }] = lab.state.solvers as [Solver, Solver];
    await lab.setSampler(1, sampler('method', 1), 'euler');
    await around.run(2);
    let failed = false;
    host.answer = (call, question) => {
      if (call !== 'frame' || failed) return answer(call, question);
      failed = true;
      const problems = problem('sampler', 'not finite');
      return { busy: true, way: null, errors: null, problems } as never;
    };
    await settle();
    expect(lab.state.notices.map((notice) => notice.id)).toEqual([`way.${id}`]);
    expect(lab.state.errors!.rows).toHaveLength(6);
  });

  it('shows how far recording is, and stops it when asked', async () => {
    await open(ADDRESS, makeSolverHost(9));
    await lab.setSampler(1, sampler('steps', 1), '900');
    await around.run(20);
    expect(lab.state).toMatchObject({ recording: true, measuring: false });
    expect(progressOf(lab.state)).toBeGreaterThan(0.5);
    expect(progressOf(lab.state)).toBeLessThan(1);
    await lab.cancel();
    expect(lab.state.recording).toBe(false);
    await around.run(20);
    expect(lab.state.solvers[1]!.way!.done).toBe(false);
    await lab.measure();
    await around.run(1500);
    expect(lab.state.recording).toBe(false);
    expect(lab.state.solvers[1]!.way!.done).toBe(true);
    expect(lab.state.errors!.rows).toHaveLength(6);
  });
});

describe('its screen', () => {
  it('forgets what was wrong in a field whose value is another', () => {
    const screen = new SolversElement();
    const before = initialSolvers();
    const wrong = { n: 'too few', seed: 'no number' };
    Object.assign(screen, { shown: { ...before, n: 7 }, wrong });
    screen.willUpdate(new Map([['shown', before]]));
    expect(screen).toMatchObject({ wrong: { n: undefined, seed: wrong.seed } });
  });
});

describe('where points are', () => {
  const way = (known: number[]): Way => ({
    times: Float32Array.of(0.001, 0.3, 0.6, 1),
    frames: [0, 1, 2, 3].map((i) =>
      known.includes(i) ? Float32Array.of(i) : undefined,
    ),
    done: known.length === 4,
  });

  it('is the last time visited on the way down', () => {
    const all = way([0, 1, 2, 3]);
    const at = [1, 0.99, 0.6, 0.59, 0.3, 0.2, 0.001, 0];
    expect(at.map((time) => slotAt(all, time))).toEqual([
      3, 3, 2, 2, 1, 1, 0, 0,
    ]);
    expect(slotAt(way([3, 2]), 0)).toBe(2);
  });

  it('is as far in the steps as in the time line, at a level', () => {
    const level = {
      ...way([0, 1, 2, 3]),
      times: new Float32Array(4).fill(0.3),
    };
    const at = [1, 0.7, 0.6, 0.3, 0.01, 0];
    expect(at.map((time) => slotAt(level, time))).toEqual([3, 3, 2, 1, 1, 0]);
    const start = { ...level, times: level.times.slice(0, 1) };
    expect(slotAt(start, 0.5)).toBe(0);
  });
});

describe('a host that records ways', () => {
  it.each([
    [500, 1000, 251],
    [50_000, 1000, 78],
    [1_400_000, 1000, 2],
    [500, 1, 2],
  ])('keeps no more than fits: %i points, %i steps', (count, steps, kept) => {
    const host = makeSolverHost();
    host.answer('open', { experiment: '', count: 4, seed: 0 });
    const words = ['sampler=ddim', `sampler.steps=${steps}`];
    const way = host.answer('record', { count, seed: 0, words });
    if (isProblems(way)) throw new Error(way.problems[0]!.message);
    expect(way.times).toHaveLength(kept);
    expect([way.times[0], way.times.at(-1)]).toEqual([0, 1]);
  });
});

describe('a host that compares samplers', () => {
  const ask = {
    count: 9,
    seed: 1,
    samplers: [['sampler=ddim']],
    steps: [1, 2, 3],
  };

  it('works in slices, and tells what is new once', () => {
    const host = makeSolverHost(5);
    expect(isProblems(host.answer('compare', { ask }))).toBe(true);
    const law = { experiment: '', count: 4, seed: 0 };
    host.answer('open', law);
    expect(host.answer('compare', { ask })).toBeNull();
    const rows: number[] = [];
    while (host.work()) {
      const frame = host.answer('frame', {});
      if (isProblems(frame)) throw new Error();
      rows.push(frame.errors?.rows.length ?? -1);
    }
    const last = host.answer('frame', {});
    expect(last).toMatchObject({ busy: false, errors: { done: 3 } });
    expect(host.answer('frame', {})).toMatchObject({ errors: null });
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
    expect(rows.length).toBeGreaterThan(1);
    // Another law knows nothing of it.
    host.answer('compare', { ask });
    host.answer('open', law);
    expect(host.busy).toBe(false);
    const bad = host.answer('compare', { ask: { ...ask, count: 1 } });
    expect(isProblems(bad)).toBe(true);
    expect(host.busy).toBe(false);
  });
});

describe('the chart of errors', () => {
  const texts = { x: 'asked', floor: 'floor', order: (p: number) => `p${p}` };
  const frame = {
    series: [
      { x: [1, 10, 100], y: [1, 0.1, 0.01] },
      { x: [2, 20], y: [1, 0.01] },
    ],
    floor: 1e-3,
    orders: [1, 2],
    texts,
  };

  it('puts a line of order p where errors of order p lie', () => {
    const box = boxOf(frame, 600, 400);
    const at = (x: number, y: number) => [xIn(box, x), yIn(box, y)];
    const [x0, y0] = at(1, 1);
    const [x1, y1] = at(10, 0.1);
    const [x2, y2] = at(100, 0.01);
    expect((y2! - y0!) / (x2! - x0!)).toBeCloseTo((y1! - y0!) / (x1! - x0!));
    // All that is drawn is within, the floor too.
    expect(x0).toBeGreaterThan(box.left);
    expect(yIn(box, 1e-3)).toBeLessThan(box.top + box.height);
    const { calls, context } = recorder();
    drawErrors(context, frame, 600, 400, theme);
    // The first sampler is of order 1: its line is the dashed one's way.
    const [from, to] = [`moveTo ${short(x0!)} ${short(y0!)}`, 'lineTo'];
    const dashed = calls.indexOf(from);
    expect(calls[dashed + 1]).toContain(to);
    const [, xEnd, yEnd] = calls[dashed + 1]!.split(' ').map(Number);
    expect((yEnd! - y0!) / (xEnd! - x0!)).toBeCloseTo(
      (y1! - y0!) / (x1! - x0!),
      2,
    );
  });

  const short = (value: number) => String(Math.round(100 * value) / 100);

  it('is drawn so', () => {
    const { calls, context } = recorder();
    drawErrors(context, frame, 300, 200, theme);
    expect(calls.join('\n')).toMatchSnapshot();
  });

  it('is axes alone before anything is known', () => {
    const { calls, context } = recorder();
    drawErrors(context, { ...frame, series: [], floor: null }, 300, 200, theme);
    expect(calls.filter((call) => call.startsWith('fillText'))).toContain(
      'fillText 0.1 40 89.5'.replace('0.1 40 89.5', '10⁻² 39 87.5'),
    );
    expect(calls.join('\n')).not.toContain('NaN');
    drawErrors(context, frame, 20, 20, theme);
  });

  it('writes powers of ten for people', () => {
    expect([-12, -1, 0, 1, 4, 5].map(powerText)).toEqual([
      '10⁻¹²',
      '10⁻¹',
      '1',
      '10',
      '10000',
      '10⁵',
    ]);
  });
});
