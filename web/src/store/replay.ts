// Moving along the time line over recorded trajectories: play, scrub, turn
// round, go back to live samples. The recordings themselves are made elsewhere
// (recordings.ts).

import type { Direction } from '../engine/protocol';
import { t } from '../strings';
import type { Recordings } from './recordings';
import type { Sharing } from './sharing';
import { gridOf, recordingOf, type Recording } from './state';
import type { Store } from './store';
import type { Surroundings } from './surroundings';

/** One way through a recording takes this long, with a rest before a loop. */
const PLAY_MS = 4500;
const REST_MS = 900;
/** A frame that comes late (a hidden page) moves no further than a slow one. */
const SLOWEST_FRAME_MS = 100;

export class Replay {
  private animating = false;

  constructor(
    private readonly store: Store,
    private readonly recordings: Recordings,
    private readonly sharing: Sharing,
    private readonly around: Surroundings,
  ) {}

  async play(): Promise<void> {
    const { mode, position, view } = this.store.state;
    const recording = await this.enter();
    if (!recording) return;
    const [first, last] = endsOf(recording);
    const over = Math.abs(position - last) < 1e-6;
    this.store.update({
      playing: true,
      position: mode === 'live' || over ? first : position,
    });
    const denoise = view.direction === 'denoise';
    this.store.say(t(denoise ? 'say.denoise' : 'say.noise'));
    this.animate();
  }

  stop(): void {
    const position = Math.round(this.store.state.position);
    this.store.update({ playing: false, position });
  }

  async seek(slot: number): Promise<void> {
    this.store.update({ playing: false });
    const recording = await this.enter();
    if (!recording) return;
    const last = recording.grid.length - 1;
    this.store.update({ position: Math.min(last, Math.max(0, slot)) });
  }

  /** So many grid points towards noise. */
  nudge(slots: number): Promise<void> {
    const { mode, position, view } = this.store.state;
    const last = gridOf(this.store.state).length - 1;
    const start = view.direction === 'denoise' ? last : 0;
    return this.seek((mode === 'live' ? start : Math.round(position)) + slots);
  }

  async setDirection(direction: Direction): Promise<void> {
    const { playing, mode } = this.store.state;
    this.store.setView({ direction });
    this.sharing.writeAddress();
    if (playing || mode === 'live') await this.play();
    else await this.seek(this.store.state.position);
  }

  toggleLoop(): void {
    this.store.update({ loop: !this.store.state.loop });
  }

  /** Back from a recording to live samples. */
  async leave(): Promise<void> {
    this.store.update({ mode: 'live', playing: false });
    await this.recordings.follow();
  }

  /** Shows the recording of now; null where there is none, or no longer. */
  private async enter(): Promise<Recording | null> {
    const { history } = this.store.state;
    const recording = await this.recordings.current();
    // While the engine answers, another run may have been opened.
    if (!recording || this.store.state.history !== history) return null;
    if (this.store.state.mode !== 'replay') {
      this.store.update({ mode: 'replay' });
      await this.recordings.unfollow();
    }
    // Or training was asked for, which leaves the recording.
    const { state } = this.store;
    const stays = state.history === history && state.mode === 'replay';
    return stays ? recording : null;
  }

  private animate(): void {
    if (this.animating) return;
    this.animating = true;
    let before: number | null = null;
    let rest = 0;
    const tick = (now: number): void => {
      const { playing, loop, position } = this.store.state;
      const recording = recordingOf(this.store.state);
      if (!playing || !recording) {
        this.animating = false;
        return;
      }
      const passed =
        before === null ? 0 : Math.min(SLOWEST_FRAME_MS, now - before);
      before = now;
      const [first, last] = endsOf(recording);
      const forward = Math.sign(last - first);
      if (rest > 0) {
        rest -= passed;
        if (rest <= 0) this.store.update({ position: first });
      } else {
        const stride = ((recording.grid.length - 1) * passed) / PLAY_MS;
        let next = position + forward * stride;
        if (forward * (next - last) >= 0) next = last;
        const ahead = forward > 0 ? Math.ceil(next) : Math.floor(next);
        if (recording.frames[ahead]) this.store.update({ position: next });
        if (next === last && recording.frames[last]) {
          if (loop) rest = REST_MS;
          else this.store.update({ playing: false });
        }
      }
      this.around.nextFrame(tick);
    };
    this.around.nextFrame(tick);
  }
}

/** First and last slot of a recording in its direction of travel. */
function endsOf(recording: Recording): [number, number] {
  const end = recording.grid.length - 1;
  return recording.direction === 'denoise' ? [end, 0] : [0, end];
}
