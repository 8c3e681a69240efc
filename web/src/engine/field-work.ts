// The field that the picture asks for, kept up with training: worked off in
// slices, begun anew when the question or the weights change. Weights are taken
// at its start, so a field is always of one step.

import type { Problems, Session } from './core';
import { Pace } from './pace';
import { isProblems, type FieldAsk, type FieldFrame } from './protocol';

/** While training goes on, a field begins at most this often. */
const FIELD_MS = 250;

export class FieldWork {
  private ask: FieldAsk | null = null;
  /** The question has changed since the last field was begun. */
  private fresh = false;
  private begun: (FieldAsk & { step: number; axes: number }) | null = null;
  /** Rows of it that are made. */
  private rows = 0;
  private step = -1;
  private due = 0;
  private readonly pace: Pace;
  private finished: FieldFrame | null = null;

  constructor(private readonly clock: () => number) {
    this.pace = new Pace(clock);
  }

  /** A field that is under way is finished first: it is nearly what is asked. */
  want(ask: FieldAsk | null): void {
    this.ask = ask;
    this.fresh = ask !== null;
    if (!ask) this.begun = null;
  }

  reset(): void {
    this.want(null);
    this.step = -1;
    this.pace.forget();
    this.finished = null;
  }

  /** Whether the picture is behind the model at this step. */
  wants(step: number): boolean {
    return (
      this.begun !== null ||
      (this.ask !== null && (this.fresh || this.step !== step))
    );
  }

  /** Whether to work on it now. */
  isDue(step: number, training: boolean): boolean {
    if (!this.wants(step)) return false;
    const waits = training && !this.begun && !this.fresh;
    return !waits || this.clock() >= this.due;
  }

  /** One slice; what is wrong, if it cannot be made. */
  work(session: Session, step: number, began: number): Problems | null {
    let problems = this.begin(session, step);
    if (!problems) {
      this.pace.slice(began, (most) => {
        const made = this.advance(session, most);
        if (typeof made === 'number') return made;
        problems = made;
        return 0;
      });
    }
    if (problems) this.want(null);
    return problems;
  }

  private begin(session: Session, step: number): Problems | null {
    const ask = this.ask;
    if (this.begun || !ask) return null;
    const { t, window, nx, ny } = ask;
    const started = session.startField(t, window, nx, ny);
    if (isProblems(started)) return started;
    this.begun = { ...ask, ...started, step };
    this.rows = 0;
    this.fresh = false;
    this.due = this.clock() + FIELD_MS;
    return null;
  }

  /** Makes up to `most` rows more and returns how many. */
  private advance(session: Session, most: number): number | Problems {
    const { begun } = this;
    if (!begun) return 0;
    const rows = Math.min(most, begun.ny - this.rows);
    const values = session.fieldRows(rows);
    if (isProblems(values)) return values;
    this.rows += rows;
    if (values) {
      this.finished = { ...begun, values };
      this.step = begun.step;
      this.begun = null;
    }
    return rows;
  }

  /** The newest field, once. */
  take(): FieldFrame | null {
    const { finished } = this;
    this.finished = null;
    return finished;
  }
}
