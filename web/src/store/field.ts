// The denoiser itself on the picture: which field is asked for, and the probe
// of one point. The engine makes the numbers, the plot draws them.

import type { Engine } from '../engine/client';
import { isProblems, type FieldAsk } from '../engine/protocol';
import { number, t } from '../strings';
import type { Frames } from './frames';
import { samplerWordsOf } from './recordings';
import type { Sharing } from './sharing';
import { fieldTimeOf, type Probe } from './state';
import type { Store } from './store';

/** What the plot shows: its edges in data units and nodes that suit its size. */
export type Look = Omit<FieldAsk, 't'>;

/** Beside training the probe is asked anew at most this often. */
const PROBE_MS = 250;
/** Words follow a person's last move after this long. */
const SAY_MS = 400;

export class Field {
  private look: Look | null = null;
  private asked = '';
  private probing = false;
  private probedAt = -Infinity;
  private later: ReturnType<typeof setTimeout> | undefined;
  private saying: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly frames: Frames,
    private readonly sharing: Sharing,
  ) {
    frames.listen(({ field }) => {
      if (field && this.asked) this.store.update({ field });
    });
    store.subscribe(() => {
      this.follow();
    });
  }

  /** The plot's window or size has changed. */
  see(look: Look): void {
    this.look = look;
    this.follow();
  }

  setTime(time: number): void {
    this.store.setView({ t: time });
    this.sharing.writeAddress();
  }

  /** Puts the probe at a place in the picture, data units. */
  place(x: number[]): void {
    const { probe } = this.store.state;
    this.store.update({ probe: { x, found: probe?.found ?? null } });
    clearTimeout(this.saying);
    this.saying = setTimeout(() => {
      this.say();
    }, SAY_MS);
  }

  remove(): void {
    if (!this.store.state.probe) return;
    clearTimeout(this.saying);
    this.store.update({ probe: null, said: t('say.probeOff') });
  }

  toggleProbe(): void {
    if (this.store.state.probe) this.remove();
    else if (this.look) {
      const [left, right, bottom, top] = this.look.window;
      const middle = [(left + right) / 2, (bottom + top) / 2];
      this.place(middle.slice(0, Math.min(2, this.store.state.dim)));
    }
  }

  /** Brings questions to the engine in line with the state. */
  private follow(): void {
    const { state } = this.store;
    const { layers } = state.view;
    const time = state.phase === 'ready' ? fieldTimeOf(state) : null;
    const shown = layers.includes('arrows') || layers.includes('heat');
    const ask =
      shown && time !== null && this.look ? { t: time, ...this.look } : null;
    // Another experiment is another session, which has not been asked yet.
    const key = ask ? JSON.stringify([ask, state.resolved?.hash]) : '';
    if (key !== this.asked) {
      this.asked = key;
      void this.engine.call('field', { ask });
      if (ask) this.frames.pull();
      else if (state.field) this.store.update({ field: null });
    }
    this.followProbe(time);
  }

  private followProbe(time: number | null): void {
    const { probe, dim } = this.store.state;
    if (!probe) return;
    if (probe.x.length !== Math.min(2, dim)) this.remove();
    else if (time !== null) void this.probe(probe, time);
    // What was found is of an experiment that is no more.
    else if (probe.found)
      this.store.update({ probe: { ...probe, found: null } });
  }

  private async probe({ x, found }: Probe, time: number): Promise<void> {
    const { step } = this.store.state;
    if (this.probing) return;
    const moved = found?.t !== time || found.x.join() !== x.join();
    if (!moved && found.step === step) return;
    const wait = this.probedAt + PROBE_MS - performance.now();
    if (!moved && wait > 0) {
      this.later ??= setTimeout(() => {
        this.later = undefined;
        this.follow();
      }, wait);
      return;
    }
    this.probing = true;
    this.probedAt = performance.now();
    const words = samplerWordsOf(this.store.state);
    const probed = await this.engine.call('probe', { x, t: time, words });
    this.probing = false;
    const { probe } = this.store.state;
    if (isProblems(probed)) {
      this.store.update({ probe: null });
      this.store.engineFailed(probed);
    } else if (probe) {
      const answer = { ...probed, x, t: time };
      this.store.update({ probe: { ...probe, found: answer } });
    }
  }

  private say(): void {
    const found = this.store.state.probe?.found;
    if (!found) return;
    const at = (values: ArrayLike<number>): string =>
      Array.from(values, (value) => number(value, 2))
        .slice(0, 2)
        .join(', ');
    this.store.say(
      t('say.probe', {
        x: at(found.x),
        t: found.t.toFixed(3),
        data: at(found.data),
        next: at(found.next),
      }),
    );
  }
}
