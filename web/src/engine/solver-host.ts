// The solver laboratory's engine without its worker: answers calls, records the
// way of one sampler at a time, and holds samplers against the exact flow, in
// slices. How they are cut changes no number.

import type { Problems } from './core';
import { ErrorsWork } from './errors-work';
import { messageOf } from './host';
import { Pace } from './pace';
import { isProblems, problem } from './protocol';
import type {
  SolverCalls,
  SolverFrame,
  WayChunk,
  WayStart,
} from './solver-protocol';
import type { SolverCore, SolverSession } from './solvers';

/** A recording keeps at most this many frames. */
const MAX_FRAMES = 300;
/** And no more than these bytes, but always both ends. */
const MAX_BYTES = 32 << 20;

type Question<C extends keyof SolverCalls> = SolverCalls[C][0];
type Answer<C extends keyof SolverCalls> = SolverCalls[C][1] | Problems;

/** A way being recorded: index in the sampler's grid to slot. */
interface Way {
  slots: Map<number, number>;
  chunk: WayChunk;
}

export class SolverHost {
  private session: SolverSession | null = null;
  private way: Way | null = null;
  /** The end of a way that is over, until it is pulled. */
  private finished: WayChunk | null = null;
  private ways = 0;
  private held = false;
  private problems: Problems | null = null;
  private readonly pace: Pace;
  private readonly errors: ErrorsWork;

  constructor(
    private readonly core: SolverCore,
    private readonly clock: () => number,
  ) {
    this.pace = new Pace(clock);
    this.errors = new ErrorsWork(clock);
  }

  get busy(): boolean {
    return !this.held && (this.way !== null || this.errors.wants);
  }

  /** Answers one call. Never throws: what the core throws is a problem too. */
  answer<C extends keyof SolverCalls>(
    call: C,
    question: Question<C>,
  ): Answer<C> {
    const answers: {
      [K in keyof SolverCalls]: (question: Question<K>) => Answer<K>;
    } = {
      start: () => this.core.describe(),
      resolve: ({ experiment, words }) => this.core.resolve(experiment, words),
      open: (ask) => this.open(ask),
      record: (ask) => this.record(ask),
      compare: ({ ask }) =>
        this.session ? this.errors.want(this.session, ask) : nothingOpen(),
      errorsText: () => this.session?.errorsText() ?? nothingOpen(),
      hold: ({ held }) => {
        this.held = held;
        return null;
      },
      frame: () => this.frame(),
    };
    const answer = answers[call] as
      ((question: Question<C>) => Answer<C>) | undefined;
    if (!answer) return problem('engine', `no call is named ${call}`);
    try {
      return answer(question);
    } catch (error) {
      return problem('engine', messageOf(error));
    }
  }

  /** Does one slice of background work; returns whether there is more. */
  work(): boolean {
    const { session } = this;
    if (!this.busy || !session) return false;
    const began = this.clock();
    try {
      // Pictures first: errors take their time.
      if (this.way) {
        this.pace.slice(began, (most) => {
          let done = 0;
          for (; this.way && done < most; ++done) this.step(session, this.way);
          return done;
        });
      } else {
        this.problems = this.errors.work(session, began) ?? this.problems;
      }
    } catch (error) {
      this.fail(problem('engine', messageOf(error)));
    }
    return this.busy;
  }

  private open({ experiment, count, seed }: Question<'open'>): Answer<'open'> {
    const session = this.session ?? new this.core.SolverSession();
    const opened = session.open(experiment);
    if (isProblems(opened)) return opened;
    this.session = session;
    this.way = this.finished = this.problems = null;
    this.errors.reset();
    this.pace.forget();
    const data = session.data(count, seed);
    return isProblems(data) ? data : { dim: opened.dim, data };
  }

  private record({
    count,
    seed,
    words,
  }: Question<'record'>): WayStart | Problems {
    const { session } = this;
    if (!session) return nothingOpen();
    this.way = this.finished = null;
    const grid = session.startSampling(count, seed, words);
    if (isProblems(grid)) return grid;
    const first = session.particles();
    if (isProblems(first)) return first;
    const end = grid.length - 1;
    const fitting = Math.floor(MAX_BYTES / first.byteLength);
    const most = Math.max(2, Math.min(MAX_FRAMES, fitting));
    const stride = Math.max(1, Math.ceil(end / (most - 1)));
    const kept: number[] = [];
    for (let i = 0; i < end; i += stride) kept.push(i);
    kept.push(end);
    const id = ++this.ways;
    const slots = new Map(kept.map((index, slot) => [index, slot]));
    const chunk = {
      id,
      slots: [kept.length - 1],
      frames: [first],
      done: false,
    };
    this.way = { slots, chunk };
    this.pace.forget();
    return { id, times: Float32Array.from(kept, (index) => grid[index]!) };
  }

  /** One transition, and what is kept of it. */
  private step(session: SolverSession, { slots, chunk }: Way): void {
    const index = session.step();
    if (isProblems(index)) {
      this.fail(index);
      return;
    }
    const slot = slots.get(index);
    if (slot !== undefined) {
      const values = session.particles();
      if (isProblems(values)) {
        this.fail(values);
        return;
      }
      chunk.slots.push(slot);
      chunk.frames.push(values);
    }
    if (index > 0) return;
    this.finished = { ...chunk, done: true };
    this.way = null;
  }

  private fail(problems: Problems): void {
    this.problems = problems;
    this.way = null;
  }

  private frame(): SolverFrame {
    const { problems, way } = this;
    const chunk = way?.chunk ?? this.finished;
    this.finished = this.problems = null;
    if (way) way.chunk = { ...way.chunk, slots: [], frames: [] };
    const errors = this.errors.take();
    return { busy: this.busy, way: chunk, errors, problems };
  }
}

function nothingOpen(): Problems {
  return problem('engine', 'no law is open');
}
