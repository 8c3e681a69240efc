// Keeps the state in step with the engine's background work, by pulling frames
// for as long as they bring something. What follows from a frame is up to those
// who listen.

import type { Engine } from '../engine/client';
import { isProblems, type Frame } from '../engine/protocol';
import type { Store } from './store';
import type { Surroundings } from './surroundings';

/** `stopped`: training ran before this frame and no longer does. */
type Listener = (frame: Frame, stopped: boolean) => void;

export class Frames {
  private readonly listeners: Listener[] = [];
  private pulling = false;
  /** Asked to pull again while a pull was under way. */
  private wanting = false;

  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly around: Surroundings,
  ) {}

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  pull(): void {
    this.wanting = true;
    if (this.pulling) return;
    this.pulling = true;
    void this.pullOne();
  }

  private async pullOne(): Promise<void> {
    this.wanting = false;
    const frame = await this.engine.call('frame', {});
    if (isProblems(frame)) {
      this.pulling = false;
      this.store.engineFailed(frame);
      return;
    }
    this.absorb(frame);
    this.pulling = frame.busy || this.wanting;
    if (this.pulling) this.around.nextFrame(() => void this.pullOne());
  }

  private absorb(frame: Frame): void {
    const { state } = this.store;
    const stopped = state.running && !frame.running;
    state.history.add(frame.losses);
    this.store.update({
      step: frame.step,
      running: frame.running,
      diverged: frame.diverged,
      speed: frame.speed > 0 ? frame.speed : state.speed,
      loss: frame.progress?.loss ?? state.loss,
      live: frame.samples ?? state.live,
    });
    if (frame.problems) this.store.engineFailed(frame.problems);
    for (const listener of this.listeners) listener(frame, stopped);
  }
}
