// The process laboratory's engine without its worker: moves the particles of
// one process, then its law, in slices. How they are cut changes no number.

import { Pace } from './pace';
import type {
  ProcessAsk,
  ProcessCalls,
  ProcessFrame,
} from './process-protocol';
import type { OpenedProcess, ProcessCore, ProcessSession } from './processes';
import { isProblems, problem } from './protocol';
import type { Problems } from './core';

type Part = 'particles' | 'law' | 'rest';

export class ProcessHost {
  private session: ProcessSession | null = null;
  private ask: ProcessAsk | null = null;
  private part: Part = 'rest';
  private steps = 1;
  private particlesAt = 0;
  private lawAt = 0;
  private arrived: ProcessFrame['arrived'] = null;
  private law: ProcessFrame['law'] = null;
  private problems: Problems | null = null;
  private pace: Pace;

  constructor(
    private readonly core: ProcessCore,
    private readonly clock: () => number,
  ) {
    this.pace = new Pace(clock);
  }

  get busy(): boolean {
    return this.part !== 'rest';
  }

  answer<C extends keyof ProcessCalls>(
    call: C,
    question: ProcessCalls[C][0],
  ): ProcessCalls[C][1] | Problems {
    type Answers = {
      [K in keyof ProcessCalls]: (
        question: ProcessCalls[K][0],
      ) => ProcessCalls[K][1] | Problems;
    };
    const answers: Answers = {
      start: () => this.core.describe(),
      open: (ask) => this.open(ask),
      frame: () => this.frame(),
    };
    const answer = answers[call] as Answers[C] | undefined;
    return answer?.(question) ?? problem('engine', `there is no call ${call}`);
  }

  private open(ask: ProcessAsk): OpenedProcess | Problems {
    this.session ??= new this.core.ProcessSession();
    const { name, words, n, seed } = ask;
    const opened = this.session.open(name, words, n, seed);
    if (isProblems(opened)) return opened;
    this.ask = ask;
    this.begin('particles');
    this.steps = opened.steps;
    this.particlesAt = this.lawAt = 0;
    this.arrived = this.law = this.problems = null;
    return opened;
  }

  private begin(part: Part): void {
    this.part = part;
    this.pace = new Pace(this.clock);
  }

  /** One slice; returns whether there is more to do. */
  work(): boolean {
    const { session } = this;
    if (!session || !this.busy) return false;
    this.pace.slice(this.clock(), (most) => {
      if (!this.busy) return 0;
      const ofLaw = this.part === 'law';
      const before = ofLaw ? this.lawAt : this.particlesAt;
      const moved = ofLaw ? session.moveLaw(most) : session.move(most);
      if (isProblems(moved)) {
        this.fail(moved);
        return 0;
      }
      if (ofLaw) this.lawAt = moved.position;
      else this.particlesAt = moved.position;
      if (moved.done) this.finish(session);
      return moved.done ? 0 : Math.max(1, moved.position - before);
    });
    return this.busy;
  }

  private finish(session: ProcessSession): void {
    const { ask } = this;
    if (this.part === 'law') {
      this.begin('rest');
      const law = session.law();
      if (isProblems(law)) this.fail(law);
      else this.law = law;
      return;
    }
    const started = session.startLaw(ask?.cells ?? 0, ask?.window ?? []);
    if (isProblems(started)) {
      this.fail(started);
      return;
    }
    const particles = session.particles();
    if (isProblems(particles)) {
      this.fail(particles);
      return;
    }
    this.arrived = { started, particles };
    this.begin(started.way ? 'law' : 'rest');
  }

  private fail(problems: Problems): void {
    this.problems = problems;
    this.begin('rest');
  }

  private frame(): ProcessFrame {
    const { arrived, law, problems } = this;
    this.arrived = this.law = this.problems = null;
    return {
      particlesDone: this.particlesAt / this.steps,
      lawDone: this.lawAt / this.steps,
      busy: this.busy,
      arrived,
      law,
      problems,
    };
  }
}
