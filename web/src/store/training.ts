// Training: to a step, a pause, a single step, and what happens where it stops.
// Which experiment is trained is decided elsewhere (experiment.ts).

import type { Engine } from '../engine/client';
import { isProblems, type Frame } from '../engine/protocol';
import { number, t } from '../strings';
import type { Frames } from './frames';
import { MAX_STEPS } from './link';
import type { Replay } from './replay';
import type { Sharing } from './sharing';
import type { Store } from './store';

/** Where training stops unless told otherwise: some seconds, a clear shape. */
export const FIRST_STEPS = 2000;

export class Training {
  /** Whether training goes on by itself after a change of the experiment. */
  eager = false;

  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly frames: Frames,
    private readonly replay: Replay,
    private readonly sharing: Sharing,
  ) {
    frames.listen((frame, stopped) => {
      if (stopped) void this.stopped(frame);
    });
  }

  train(): void {
    const { step, until, diverged } = this.store.state;
    if (diverged) return;
    this.eager = true;
    void this.trainUntil(until > step ? until : step + FIRST_STEPS);
  }

  async pause(): Promise<void> {
    this.eager = false;
    await this.engine.call('pause', {});
    this.frames.pull();
  }

  stepOnce(): void {
    const { until, step } = this.store.state;
    this.eager = false;
    void this.store.change(async () => {
      await this.trainUntil(step + 1);
      this.store.update({ until: Math.max(until, step + 1) });
    });
  }

  setUntil(text: string): void {
    const until = Number(text);
    if (!Number.isInteger(until) || until < 1 || until > MAX_STEPS) {
      this.store.say(t('until.problem', { max: MAX_STEPS }));
      return;
    }
    this.store.update({ until });
    this.sharing.keepAddress = false;
    if (this.store.state.running) void this.trainUntil(until);
    this.sharing.writeAddress();
  }

  private async trainUntil(until: number): Promise<void> {
    this.store.update({ until });
    if (this.store.state.mode === 'replay') await this.replay.leave();
    await this.engine.call('train', { until });
    // Only now: a frame pulled before may still tell of the time before.
    this.store.update({ running: true });
    this.frames.pull();
  }

  private async stopped({ step, diverged }: Frame): Promise<void> {
    this.store.dropNotice('restarted');
    this.sharing.writeAddress();
    if (diverged) {
      this.store.notify('diverged', 'problem', t('notice.diverged'), [
        {
          path: `${t('stat.step')} ${number(step)}`,
          message: t('notice.divergedRepair'),
        },
      ]);
    }
    await this.refreshFingerprint();
    if (this.eager && this.atRest) {
      this.store.setView({ direction: 'denoise' });
      await this.replay.play();
    }
  }

  /** Whether what was learned may be played now without being asked for. */
  private get atRest(): boolean {
    const { until, step, mode, calm, running, trainable } = this.store.state;
    const learned = !trainable || step === until;
    return !calm && !running && learned && mode === 'live';
  }

  /** Of the state as it is. */
  async refreshFingerprint(): Promise<void> {
    const found = await this.engine.call('fingerprint', {});
    if (isProblems(found)) return;
    const { step, fingerprint } = found;
    this.store.update({ fingerprint: { step, value: fingerprint } });
  }
}
