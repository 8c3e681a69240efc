// Particles on their way: live samples of what is learned so far, and runs that
// are recorded. Worked off in slices; one run goes on at a time, and a recording
// does not wait for live samples.

import type { Problems, Session } from './core';
import { Pace } from './pace';
import {
  isProblems,
  type Answer,
  type Draw,
  type Frame,
  type Question,
  type RecordingChunk,
} from './protocol';

/** Live samples may take this share of the time: one part in REST + 1. */
const LIVE_REST = 2;
const LIVE_PAUSE_MS = 60;
/** A recording keeps at most about this many frames. */
const MAX_FRAMES = 500;

interface Run {
  /** Index in the sampler's grid to slot in the recording; null: live. */
  slots: Map<number, number> | null;
  last: number;
  step: number;
  began: number;
  chunk: RecordingChunk | null;
}

export class SampleWork {
  private live: Draw | null = null;
  private liveStep = -1;
  private liveDue = 0;
  private samples: Frame['samples'] = null;
  private run: Run | null = null;
  private readonly pace: Pace;
  /** The end of a recording whose run is over, until it is taken. */
  private finished: RecordingChunk | null = null;
  private runs = 0;

  constructor(private readonly clock: () => number) {
    this.pace = new Pace(clock);
  }

  /** What live samples are wanted from now on. */
  want(draw: Draw | null): void {
    this.live = draw;
    this.liveStep = -1;
    if (this.run && !this.run.slots) this.run = null;
  }

  stop(): void {
    this.live = null;
    this.run = null;
  }

  reset(): void {
    this.stop();
    this.pace.forget();
    this.liveStep = -1;
    this.liveDue = 0;
    this.samples = null;
    this.finished = null;
  }

  /** Whether there is anything to do; `learned` is Host's. */
  wants(learned: number | null): boolean {
    return this.run !== null || this.wantsLive(learned);
  }

  /** Whether to work on it now. */
  isDue(learned: number | null, training: boolean): boolean {
    if (this.run) return true;
    const waits = training && this.clock() < this.liveDue;
    return this.wantsLive(learned) && !waits;
  }

  private wantsLive(learned: number | null): boolean {
    return this.live !== null && learned !== null && this.liveStep !== learned;
  }

  /** Begins a recording, in the place of whatever goes on. */
  record(
    session: Session,
    step: number,
    { direction, draw, truth }: Question<'record'>,
  ): Answer<'record'> {
    const { count, seed, words } = draw;
    const started =
      direction === 'denoise'
        ? session.startSampling(count, seed, words, truth)
        : session.startNoising(count, seed, words);
    if (isProblems(started)) return started;
    const first = session.particles();
    if (isProblems(first)) return first;

    const end = started.grid.length - 1;
    const stride = Math.ceil(started.grid.length / MAX_FRAMES);
    const kept: number[] = [];
    for (let i = 0; i < end; i += stride) kept.push(i);
    kept.push(end);

    const id = ++this.runs;
    const from = direction === 'denoise' ? end : 0;
    const slots = new Map(kept.map((index, slot) => [index, slot]));
    this.run = {
      slots,
      last: end - from,
      step,
      began: this.clock(),
      chunk: { id, slots: [slots.get(from)!], frames: [first], done: false },
    };
    return {
      id,
      step,
      grid: kept.map((index) => started.grid[index]!),
      dim: started.dim,
    };
  }

  /** One slice; what is wrong, if it cannot go on. */
  work(session: Session, step: number, began: number): Problems | null {
    let problems = this.run ? null : this.beginLive(session, step);
    if (problems) return problems;
    this.pace.slice(began, (most) => {
      let done = 0;
      while (!problems && this.run && done < most) {
        problems = this.advance(session, this.run);
        ++done;
      }
      return done;
    });
    return problems;
  }

  private beginLive(session: Session, step: number): Problems | null {
    const { count, seed, words } = this.live!;
    const began = this.clock();
    const started = session.startSampling(count, seed, words, false);
    if (isProblems(started)) return started;
    this.run = { slots: null, last: 0, step, began, chunk: null };
    return null;
  }

  /** One transition of a run; the end of it where that was the last. */
  private advance(session: Session, run: Run): Problems | null {
    const index = session.step();
    if (isProblems(index)) return index;
    const done = index === run.last;
    const slot = run.slots?.get(index);
    if (slot !== undefined || (done && !run.slots)) {
      const values = session.particles();
      if (isProblems(values)) return values;
      if (slot !== undefined) {
        run.chunk!.slots.push(slot);
        run.chunk!.frames.push(values);
      } else {
        this.samples = { step: run.step, values };
        this.liveStep = run.step;
        const now = this.clock();
        this.liveDue = now + LIVE_PAUSE_MS + LIVE_REST * (now - run.began);
      }
    }
    if (!done) return null;
    if (run.chunk) this.finished = { ...run.chunk, done: true };
    this.run = null;
    return null;
  }

  /** The newest live samples, and what is new of a recording, once. */
  take(): Pick<Frame, 'samples' | 'recording'> {
    const { samples, finished, run } = this;
    const recording = run?.chunk ?? finished;
    this.samples = null;
    this.finished = null;
    if (run?.chunk) {
      const { id } = run.chunk;
      run.chunk = { id, slots: [], frames: [], done: false };
    }
    return { samples, recording };
  }
}
