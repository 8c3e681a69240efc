// Follows the engine of the solver laboratory: pulls frames for as long as they
// bring something, and records the way of one sampler at a time. What a way or a
// frame means for the page is up to those who listen.

import type { Engine } from '../engine/client';
import type { Problems } from '../engine/core';
import { isProblems } from '../engine/protocol';
import type {
  Points,
  SolverCalls,
  SolverFrame,
} from '../engine/solver-protocol';
import type { Way } from './solvers-state';
import type { Surroundings } from './surroundings';

interface Recording {
  /** The engine's number of it. */
  run: number;
  way: Way;
  show: (way: Way) => void;
  end: (problems: Problems | null) => void;
}

export class SolverFrames {
  private pulling = false;
  /** Asked to pull again while a pull was under way. */
  private wanting = false;
  private recording: Recording | null = null;

  constructor(
    private readonly engine: Engine<SolverCalls>,
    private readonly around: Surroundings,
    private readonly listener: (frame: SolverFrame) => void,
  ) {}

  pull(): void {
    this.wanting = true;
    if (this.pulling) return;
    this.pulling = true;
    void this.pullOne();
  }

  private async pullOne(): Promise<void> {
    this.wanting = false;
    const answer = await this.engine.call('frame', {});
    const frame: SolverFrame = isProblems(answer)
      ? { busy: false, way: null, errors: null, problems: answer }
      : answer;
    this.listener(this.absorb(frame));
    this.pulling = frame.busy || this.wanting;
    if (this.pulling) this.around.nextFrame(() => void this.pullOne());
  }

  /** Takes over what is of the way; brings what is not. */
  private absorb(frame: SolverFrame): SolverFrame {
    const { recording } = this;
    const { way: chunk, problems } = frame;
    if (chunk && recording?.run === chunk.id) {
      const frames = [...recording.way.frames];
      chunk.slots.forEach((slot, i) => {
        frames[slot] = chunk.frames[i];
      });
      recording.way = { ...recording.way, frames, done: chunk.done };
      recording.show(recording.way);
      if (chunk.done) this.stop();
    }
    // A way that failed is as far as it came, and comes no more.
    if (!recording || !problems || chunk?.id === recording.run) return frame;
    this.stop(problems);
    return { ...frame, problems: null };
  }

  /** Records a way, shown as it comes, until it is done or stopped or fails. */
  async record(
    points: Points,
    words: string[],
    show: (way: Way) => void,
  ): Promise<Problems | null> {
    const started = await this.engine.call('record', { ...points, words });
    if (isProblems(started)) return started;
    const { times, id: run } = started;
    const frames = Array.from(times, () => undefined);
    const way: Way = { times, frames, done: false };
    show(way);
    return new Promise((end) => {
      this.recording = { run, way, show, end };
      this.pull();
    });
  }

  /** Waits for the way under way no longer. */
  stop(problems: Problems | null = null): void {
    this.recording?.end(problems);
    this.recording = null;
  }
}
