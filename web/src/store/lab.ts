// The lab: what the page can do, put together from its parts, and how it
// starts. Each part turns what a person asks for into calls of the engine, and
// what the engine answers into the next state; none draws or touches an
// element. What they need of the browser comes as `Surroundings`.

import type { Engine } from '../engine/client';
import { isProblems } from '../engine/protocol';
import type { Need } from '../engine/support';
import { Downloads } from './downloads';
import { Experiment } from './experiment';
import { Field } from './field';
import { Frames } from './frames';
import type { Layer } from './link';
import { Opening } from './opening';
import { Points } from './points';
import { Recordings } from './recordings';
import { Replay } from './replay';
import { Runs } from './runs';
import { Sharing } from './sharing';
import { fieldIn, textOf, type LabState } from './state';
import { Store } from './store';
import type { Surroundings } from './surroundings';
import { Training } from './training';

const THUMBNAIL_COUNT = 160;

export class Lab {
  readonly store = new Store();
  readonly sharing: Sharing;
  readonly replay: Replay;
  readonly training: Training;
  readonly experiment: Experiment;
  readonly points: Points;
  readonly runs: Runs;
  readonly downloads: Downloads;
  readonly field: Field;
  private readonly frames: Frames;
  private readonly recordings: Recordings;
  private readonly opening: Opening;

  /** A part knows those that are made before it, and none made after. */
  constructor(
    private readonly engine: Engine,
    private readonly around: Surroundings,
  ) {
    const { store } = this;
    const sharing = (this.sharing = new Sharing(store, around));
    const frames = (this.frames = new Frames(engine, store, around));
    const recordings = new Recordings(engine, store, frames);
    this.recordings = recordings;
    const replay = new Replay(store, recordings, sharing, around);
    this.replay = replay;
    this.training = new Training(engine, store, frames, replay, sharing);
    this.experiment = new Experiment(
      engine,
      store,
      recordings,
      this.training,
      sharing,
    );
    this.points = new Points(
      engine,
      store,
      this.experiment,
      this.training,
      sharing,
    );
    this.opening = new Opening(
      engine,
      store,
      around,
      this.experiment,
      this.points,
      sharing,
    );
    this.runs = new Runs(
      engine,
      store,
      this.experiment,
      this.training,
      this.points,
      sharing,
      around,
    );
    this.downloads = new Downloads(store, recordings, around);
    store.update({ calm: around.reducedMotion });
    this.opening.setUp(around.hash());
    this.field = new Field(engine, store, frames, sharing);
  }

  get state(): LabState {
    return this.store.state;
  }

  async start(lacks: Need | null): Promise<void> {
    if (lacks) {
      this.store.update({ phase: 'failed', lacks });
      return;
    }
    const description = await this.engine.call('start', {
      base: this.around.base,
      carried: this.around.carried,
    });
    if (isProblems(description)) {
      this.store.update({
        phase: 'failed',
        lacks: 'load',
        failure: textOf(description),
      });
      return;
    }
    this.training.eager = !this.state.calm && this.state.flags.autoplay;
    this.store.update({ description });
    await this.openLink(this.around.hash());
    await this.drawThumbnails();
  }

  openLink(hash: string): Promise<void> {
    return this.opening.openLink(hash);
  }

  /** A hidden page rests. */
  hold(held: boolean): void {
    if (this.state.phase !== 'ready') return;
    void this.engine.call('hold', { held });
    if (!held) this.frames.pull();
  }

  toggleLayer(layer: Layer): void {
    const { layers } = this.state.view;
    this.store.setView({
      layers: layers.includes(layer)
        ? layers.filter((other) => other !== layer)
        : [...layers, layer],
    });
    this.sharing.writeAddress();
    if (layer === 'truth') void this.recordings.compare();
  }

  toggleShortcuts(): void {
    this.store.update({ shortcuts: !this.state.shortcuts });
  }

  private async drawThumbnails(): Promise<void> {
    for (const { name } of fieldIn(this.state, 'data')?.kinds ?? []) {
      if (name === 'points') continue;
      const drawn = await this.engine.call('preview', {
        words: [`data=${name}`],
        count: THUMBNAIL_COUNT,
        seed: 0,
      });
      if (isProblems(drawn)) continue;
      const { thumbnails } = this.state;
      this.store.update({ thumbnails: { ...thumbnails, [name]: drawn } });
    }
  }
}
