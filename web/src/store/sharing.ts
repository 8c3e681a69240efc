// What reproduces the page elsewhere, as text: the link, which is also the
// page's address, and the command lines. Files are made in downloads.ts.

import { t, type Key } from '../strings';
import {
  exactCommand,
  fingerprintCommand,
  sampleCommand,
  trainCommand,
} from './command';
import { csvNameOf } from './export';
import { DEFAULT_FLAGS, type Flags } from './flags';
import { encodeLink, isOfData } from './link';
import { SAMPLE_COUNT } from './recordings';
import { dataKindOf, seedOf, type PointsFile } from './state';
import type { Store } from './store';
import type { Surroundings } from './surroundings';

/** As core's kMaxPackedPoints: beyond it a link names the file. */
export const MAX_LINK_POINTS = 2000;

export class Sharing {
  /** The address holds a link not wholly understood, which is kept for now. */
  keepAddress = false;
  private written: string | null = null;

  constructor(
    private readonly store: Store,
    private readonly around: Surroundings,
  ) {}

  get linkUrl(): string {
    return `${this.around.page}#${this.link()}`;
  }

  /** What is shown, as a page of its own with nothing hidden or locked. */
  get openUrl(): string {
    const form = this.around.form === 'page' ? null : 'page';
    return `${this.around.page}#${this.link({ ...DEFAULT_FLAGS, form })}`;
  }

  /** What is shown, for a frame in another page. */
  embedUrl(flags: Flags): string {
    const { base, page, carried, form } = this.around;
    if (!carried) {
      return `${new URL('embed.html', base).href}#${this.link(flags)}`;
    }
    // A single file that was taken away: it will stand beside the other page.
    const local = page.startsWith('file:');
    const own = local ? page.slice(page.lastIndexOf('/') + 1) : page;
    const link = this.link({
      ...flags,
      form: form === 'embed' ? null : 'embed',
    });
    return `${own}#${link}`;
  }

  /** Whether the page can be had as one file, which it is not yet. */
  get singleFile(): string | null {
    const { base, carried } = this.around;
    return carried ? null : new URL('unnoise.html', base).href;
  }

  /** What the link's reader needs besides, if it cannot hold all. */
  get linkNeeds(): string | null {
    const weights = this.store.state.resolved?.values.weights;
    if (typeof weights === 'string' && weights !== '') {
      return t('share.weights', { weights });
    }
    const own = this.ownPoints;
    return own && own.count > MAX_LINK_POINTS ? own.name : null;
  }

  /** The file that the commands read and a person has yet to save, if any. */
  get fileToSave(): string | null {
    return this.ownPoints?.onDisk === false ? this.commandFile : null;
  }

  /** What reproduces the run, a command a line. */
  get commands(): string[] {
    const { resolved } = this.store.state;
    if (!resolved) return [];
    const run = {
      words: this.words,
      seed: seedOf(resolved),
      steps: this.shownSteps,
      file: this.commandFile,
    };
    if (!this.store.state.trainable) return [exactCommand(run, SAMPLE_COUNT)];
    return [
      trainCommand(run),
      fingerprintCommand(run),
      sampleCommand(run, SAMPLE_COUNT),
    ];
  }

  async copy(text: string, what: Key): Promise<void> {
    const done = await this.around.copy(text);
    this.store.say(t(done ? 'say.copied' : 'say.notCopied', { what: t(what) }));
  }

  /** Makes the page's address the link to what it shows. */
  writeAddress(): void {
    if (this.keepAddress) return;
    this.written = `#${this.link()}`;
    this.around.setHash(this.written);
  }

  /** Whether this hash is the page's own doing. */
  wrote(hash: string): boolean {
    return hash === this.written;
  }

  private link(flags = this.store.state.flags): string {
    const own = this.ownPoints;
    return encodeLink({
      words: this.words,
      steps: this.shownSteps,
      view: this.store.state.view,
      points: own && own.count <= MAX_LINK_POINTS ? own.block : null,
      flags,
    });
  }

  /** The steps that lead to what is seen. */
  private get shownSteps(): number {
    const { running, step, until } = this.store.state;
    return running || step === 0 ? until : step;
  }

  /** The experiment in words: data first, and named even if it is usual. */
  private get words(): string[] {
    const { resolved } = this.store.state;
    if (!resolved) return [];
    const { overrides } = resolved;
    const data = overrides.filter(isOfData);
    if (!data.some((word) => word.startsWith('data='))) {
      data.unshift(`data=${dataKindOf(this.store.state, resolved)}`);
    }
    return [...data, ...overrides.filter((word) => !isOfData(word))];
  }

  /** The file of the person's points: theirs, or the CSV that is offered. */
  private get commandFile(): string | null {
    const own = this.ownPoints;
    return own && (own.onDisk ? own.name : csvNameOf(own.name));
  }

  /** The person's points, if they are the data. */
  private get ownPoints(): PointsFile | null {
    const { state } = this.store;
    const { resolved, points } = state;
    return resolved && dataKindOf(state, resolved) === 'points' ? points : null;
  }
}
