// The engine without its worker: owns the core's session, answers calls, and
// does the background work in slices. How steps are cut into slices never
// changes a result, only how soon a question in between is answered.

import type {
  Core,
  Opened,
  Problems,
  Progress,
  RunFiles,
  Session,
} from './core';
import { FieldWork } from './field-work';
import { Pace } from './pace';
import {
  isProblems,
  problem,
  type Answer,
  type Call,
  type Frame,
  type Question,
} from './protocol';
import { SampleWork } from './sample-work';

type Clock = () => number;

export class Host {
  private session: Session | null = null;
  private until = 0;
  private running = false;
  private held = false;
  private diverged = false;
  private step = 0;
  /** Whether the open session has anything to train. */
  private trainable = true;
  private progress: Progress | null = null;
  private losses: number[] = [];
  private problems: Problems | null = null;

  private readonly trainingPace: Pace;
  private marks: { at: number; step: number }[] = [];

  private readonly samples: SampleWork;
  private readonly field: FieldWork;
  /** Milliseconds of each slice since the last frame. */
  private slices: number[] = [];
  /** Whose turn the last slice was: training, a run, the field. */
  private turn = 2;

  constructor(
    private readonly core: Core,
    private readonly clock: Clock,
  ) {
    this.trainingPace = new Pace(clock);
    this.samples = new SampleWork(clock);
    this.field = new FieldWork(clock);
  }

  /** Answers one call. Never throws: what the core throws is a problem too. */
  answer<C extends Call>(call: C, question: Question<C>): Answer<C> {
    const handler = this.handlers[call];
    if (!handler) return problem('engine', `no call is named ${call}`);
    try {
      return handler(question);
    } catch (error) {
      return problem('engine', messageOf(error));
    }
  }

  /** Whether work() has anything to do. */
  get busy(): boolean {
    return (
      !this.held &&
      this.session !== null &&
      (this.training ||
        this.samples.wants(this.learned) ||
        this.field.wants(this.step))
    );
  }

  /** Does one slice of background work; returns whether there is more. */
  work(): boolean {
    if (!this.busy) return false;
    const before = this.clock();
    try {
      const waiting = [
        this.training,
        this.samples.isDue(this.learned, this.training),
        this.field.isDue(this.step, this.training),
      ];
      for (let next = 1; next <= waiting.length; ++next) {
        const turn = (this.turn + next) % waiting.length;
        if (!waiting[turn]) continue;
        this.turn = turn;
        this.slice(turn, before);
        break;
      }
    } catch (error) {
      this.fail(problem('engine', messageOf(error)));
    }
    this.slices.push(this.clock() - before);
    return this.busy;
  }

  private slice(turn: number, began: number): void {
    if (turn === 0) this.trainSlice(began);
    else if (turn === 1) {
      const problems = this.samples.work(this.session!, this.step, began);
      if (problems) this.fail(problems);
    } else {
      // A field that cannot be made is no reason to stop training.
      const problems = this.field.work(this.session!, this.step, began);
      if (problems) this.problems = problems;
    }
  }

  private readonly handlers: {
    [C in Call]: (question: Question<C>) => Answer<C>;
  } = {
    start: () => this.core.describe(),
    resolve: ({ experiment, words, points }) =>
      this.core.resolve(experiment, words, points),
    parse: ({ bytes, name }) => this.core.parsePoints(bytes, name),
    pack: ({ values, labels, dim }) =>
      this.core.packPoints(values, labels, dim),
    unpack: ({ block }) => this.core.unpackPoints(block),
    preview: ({ words, count, seed }) => {
      const nothing = new Uint8Array();
      const resolved = this.core.resolve('', words, nothing);
      if (isProblems(resolved)) return resolved;
      const session = new this.core.Session();
      try {
        const opened = session.open(resolved.experiment, nothing);
        if (isProblems(opened)) return opened;
        const values = session.data(count, seed);
        return isProblems(values) ? values : { values, dim: opened.dim };
      } finally {
        session.delete();
      }
    },
    open: ({ experiment, points, count, seed }) => {
      const session = new this.core.Session();
      const opened = session.open(experiment, points);
      const data = isProblems(opened) ? opened : session.data(count, seed);
      if (isProblems(opened) || isProblems(data)) {
        session.delete();
        return isProblems(opened) ? opened : (data as Problems);
      }
      this.use(session, opened);
      return { ...opened, data };
    },
    openRun: ({ files, count }) => {
      const session = new this.core.Session();
      const answer = this.openRun(session, files, count);
      if (isProblems(answer)) session.delete();
      else this.use(session, answer);
      return answer;
    },
    train: ({ until }) => {
      if (!this.session) return noSession();
      this.until = until;
      this.running = this.trainable && !this.diverged && this.step < until;
      this.marks = [{ at: this.clock(), step: this.step }];
      return null;
    },
    pause: () => {
      this.running = false;
      return null;
    },
    hold: ({ held }) => {
      this.held = held;
      this.marks = [{ at: this.clock(), step: this.step }];
      return null;
    },
    live: ({ draw }) => {
      this.samples.want(draw);
      return null;
    },
    record: (question) =>
      this.session
        ? this.samples.record(this.session, this.step, question)
        : noSession(),
    field: ({ ask }) => {
      this.field.want(ask);
      return null;
    },
    probe: ({ x, t, words }) => this.session?.probe(x, t, words) ?? noSession(),
    frame: () => this.frame(),
    fingerprint: () => {
      if (!this.session) return noSession();
      const fingerprint = this.session.fingerprint();
      return typeof fingerprint === 'string'
        ? { step: this.step, fingerprint }
        : fingerprint;
    },
    saveRun: () => {
      if (!this.session) return noSession();
      const bytes = this.session.saveRun();
      return isProblems(bytes) ? bytes : { step: this.step, bytes };
    },
  };

  private get training(): boolean {
    return this.running && this.step < this.until;
  }

  /** The last step whose samples are worth seeing, null before there is one. */
  private get learned(): number | null {
    // Before the first step there is nothing to see but noise made larger.
    return this.step > 0 || !this.trainable ? this.step : null;
  }

  private openRun(
    session: Session,
    { name, model, experiment, points, labels, metrics }: RunFiles,
    count: number,
  ): Answer<'openRun'> {
    const opened = session.openRun(
      name,
      model,
      experiment,
      points,
      labels,
      metrics,
    );
    if (isProblems(opened)) return opened;
    const { core } = this;
    const resolved = core.resolve(opened.experiment, [], opened.block);
    if (isProblems(resolved)) return resolved;
    const data = session.data(count, opened.seed);
    return isProblems(data) ? data : { ...opened, resolved, data };
  }

  /** Makes a session the open one. */
  private use(session: Session, { step, trainable }: Opened): void {
    this.session?.delete();
    this.session = session;
    this.trainable = trainable;
    this.reset(step);
  }

  private reset(step: number): void {
    this.step = step;
    this.until = step;
    this.running = false;
    this.diverged = false;
    this.progress = null;
    this.losses = [];
    this.problems = null;
    this.marks = [];
    this.trainingPace.forget();
    this.samples.reset();
    this.field.reset();
  }

  private trainSlice(began: number): void {
    const before = this.progress;
    this.trainingPace.slice(began, (most) => {
      if (!this.training) return 0;
      const count = Math.min(most, this.until - this.step);
      const progress = this.session!.advance(count);
      if (isProblems(progress)) {
        this.fail(progress);
        return 0;
      }
      this.step = progress.step;
      this.progress = progress;
      this.diverged = progress.state === 'diverged';
      if (this.diverged || this.step >= this.until) this.running = false;
      return count;
    });
    if (!this.progress || this.progress === before) return;
    this.losses.push(this.step, this.progress.loss);

    const now = this.clock();
    this.marks.push({ at: now, step: this.step });
    while (this.marks.length > 2 && now - this.marks[0]!.at > 1000) {
      this.marks.shift();
    }
  }

  private frame(): Frame {
    const { problems, slices } = this;
    this.slices = [];
    const losses = new Float32Array(this.losses);
    this.losses = [];
    this.problems = null;
    const first = this.marks[0];
    const last = this.marks.at(-1);
    const seconds = first && last ? (last.at - first.at) / 1000 : 0;
    return {
      step: this.step,
      until: this.until,
      running: this.training,
      busy: this.busy,
      diverged: this.diverged,
      progress: this.progress,
      losses,
      speed: seconds > 0 ? (last!.step - first!.step) / seconds : 0,
      ...this.samples.take(),
      field: this.field.take(),
      slices,
      problems,
    };
  }

  private fail(problems: Problems): void {
    this.problems = problems;
    this.running = false;
    this.samples.stop();
  }
}

/** The memory of an answer that may be handed over instead of copied. */
export function transferables(answer: unknown): Transferable[] {
  const found = new Set<ArrayBuffer>();
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(visit);
    }
  };
  visit(answer);
  return [...found];
}

function noSession(): Problems {
  return problem('engine', 'no experiment is open');
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
