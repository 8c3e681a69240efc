// The points that the engine makes for the picture: live samples while training
// goes on, and recorded trajectories in both directions. It does not play them
// (replay.ts).

import type { Engine } from '../engine/client';
import { isProblems, type Draw, type RecordingChunk } from '../engine/protocol';
import type { Frames } from './frames';
import { splitWord } from './words';
import { fieldsOf, wordsBelow } from './schema';
import {
  fieldIn,
  recordingOf,
  seedOf,
  type LabState,
  type Recorded,
  type Recording,
} from './state';
import type { Store } from './store';

/** Points on screen; the live samples are the same particles again and again. */
export const SAMPLE_COUNT = 600;
/**
 * Live samples take at most this many steps on their way to the data. A sampler
 * that stays at one time, t, is nowhere before its last step, and takes all.
 */
const LIVE_STEPS = 16;

export class Recordings {
  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly frames: Frames,
  ) {
    frames.listen(({ recording }) => {
      if (recording) this.extend(recording);
    });
  }

  /** Records what the exact denoiser does, if it is to be seen and is not. */
  async compare(): Promise<void> {
    const { view, recordings } = this.store.state;
    const busy = Object.values(recordings).some(({ done }) => !done);
    if (busy || recordings.truth || !view.layers.includes('truth')) return;
    await this.record('truth');
  }

  /** Begins live samples, and records the time line's grid on the way. */
  async begin(): Promise<void> {
    await this.record('noise');
    await this.follow();
  }

  /** Shows live samples, with fewer steps than a recording takes. */
  async follow(): Promise<void> {
    const { state } = this.store;
    const draw = drawOf(state);
    const sampler = fieldIn(state, 'sampler');
    const fields = sampler && fieldsOf(sampler, state.resolved?.values ?? {});
    const stays = fields?.some(({ path }) => path === 'sampler.t');
    const words = draw.words.map((word) => {
      const [key, value] = splitWord(word);
      return key === 'sampler.steps' && !stays
        ? `${key}=${Math.min(LIVE_STEPS, Number(value))}`
        : word;
    });
    await this.engine.call('live', { draw: { ...draw, words } });
    this.frames.pull();
  }

  async unfollow(): Promise<void> {
    await this.engine.call('live', { draw: null });
  }

  /** A recording of the weights as they are now, in the view's direction. */
  async current(): Promise<Recording | null> {
    const { state } = this.store;
    const { direction } = state.view;
    const found = recordingOf(state);
    // Noising depends on no weights.
    const fresh = found && (direction === 'noise' || found.step === state.step);
    if (!fresh) await this.record(direction);
    return recordingOf(this.store.state);
  }

  /** The last frame of a denoising recording, once it is there. */
  endOf(id: number): Promise<Float32Array | null> {
    return new Promise((resolve) => {
      const look = (): boolean => {
        const recording = this.store.state.recordings.denoise;
        if (recording?.id === id && !recording.done) return false;
        resolve(recording?.id === id ? (recording.frames[0] ?? null) : null);
        return true;
      };
      if (look()) return;
      const stop = this.store.subscribe(() => {
        if (look()) stop();
      });
    });
  }

  private async record(kind: Recorded): Promise<void> {
    const draw = drawOf(this.store.state);
    const truth = kind === 'truth';
    const direction = truth ? 'denoise' : kind;
    const question = { direction, draw, truth } as const;
    const started = await this.engine.call('record', question);
    if (isProblems(started)) {
      this.store.engineFailed(started);
      return;
    }
    // The engine records one way at a time: what it was at is given up, and made
    // anew when it is asked for.
    const { recordings } = this.store.state;
    const whole = Object.entries(recordings).filter(([, { done }]) => done);
    this.store.update({
      recordings: {
        ...Object.fromEntries(whole),
        [kind]: {
          ...started,
          kind,
          direction,
          frames: started.grid.map(() => undefined),
          done: false,
        },
      },
    });
    this.frames.pull();
  }

  private extend(chunk: RecordingChunk): void {
    const recording = Object.values(this.store.state.recordings).find(
      ({ id }) => id === chunk.id,
    );
    if (!recording) return;
    chunk.slots.forEach((slot, i) => {
      recording.frames[slot] = chunk.frames[i];
    });
    recording.done ||= chunk.done;
    this.put({ ...recording });
    if (chunk.done) void this.compare();
    // Before any training the samples are the noise that they start from.
    const { step, live } = this.store.state;
    const noise =
      recording.direction === 'noise' ? recording.frames.at(-1) : undefined;
    if (noise && step === 0 && !live) {
      this.store.update({ live: { step: 0, values: noise } });
    }
  }

  private put(recording: Recording): void {
    const { recordings } = this.store.state;
    this.store.update({
      recordings: { ...recordings, [recording.kind]: recording },
    });
  }
}

/** The particles of the picture, by the experiment's own sampler. */
function drawOf(state: LabState): Draw {
  const { resolved } = state;
  return {
    count: SAMPLE_COUNT,
    seed: resolved ? seedOf(resolved) : 0,
    words: samplerWordsOf(state),
  };
}

export function samplerWordsOf(state: LabState): string[] {
  const { resolved } = state;
  const field = fieldIn(state, 'sampler');
  return field && resolved ? wordsBelow(field, resolved.values) : [];
}
