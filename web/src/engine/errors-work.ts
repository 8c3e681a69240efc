// Samplers held against the exact flow, as long as they are to be: worked off in
// slices, from the first piece to the last.

import type { Problems } from './core';
import { Pace } from './pace';
import { isProblems } from './protocol';
import type { ErrorsAsk } from './solver-protocol';
import type { SolverErrors, SolverSession } from './solvers';

export class ErrorsWork {
  private known: SolverErrors | null = null;
  /** What is known is more than what was taken. */
  private fresh = false;
  private running = false;
  private readonly pace: Pace;

  constructor(clock: () => number) {
    this.pace = new Pace(clock);
  }

  get wants(): boolean {
    return this.running;
  }

  /** Begins anew; what is known of another question is forgotten. */
  want(session: SolverSession, ask: ErrorsAsk | null): null | Problems {
    this.running = false;
    if (!ask) return null;
    this.reset();
    const { count, seed, samplers, steps } = ask;
    const started = session.startErrors(count, seed, samplers, steps);
    if (isProblems(started)) return started;
    this.learn(started);
    return null;
  }

  reset(): void {
    this.known = null;
    this.fresh = false;
    this.running = false;
    this.pace.forget();
  }

  /** One slice; what is wrong, if it cannot be made. */
  work(session: SolverSession, began: number): Problems | null {
    let problems: Problems | null = null;
    this.pace.slice(began, (most) => {
      if (!this.running) return 0;
      const before = this.known!.done;
      const errors = session.errors(most);
      if (isProblems(errors)) {
        problems = errors;
        this.running = false;
        return 0;
      }
      this.learn(errors);
      return Math.min(most, Math.max(1, errors.done - before));
    });
    return problems;
  }

  private learn(errors: SolverErrors): void {
    this.known = errors;
    this.fresh = true;
    this.running = errors.done < errors.pieces;
  }

  /** What is known, if it is more than the last time. */
  take(): SolverErrors | null {
    if (!this.fresh) return null;
    this.fresh = false;
    return this.known;
  }
}
