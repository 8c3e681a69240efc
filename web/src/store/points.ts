// Data as a person chooses them: a data set of the core, or points of their own
// from a file, which may be the file that a link asks for.

import type { Engine } from '../engine/client';
import { isProblems } from '../engine/protocol';
import type { PackedPoints, Problem, Problems } from '../engine/core';
import { t } from '../strings';
import type { Experiment } from './experiment';
import { isOfData, valueOfWord, type Link } from './link';
import { wordOf } from './schema';
import type { Sharing } from './sharing';
import { fieldIn, type PointsFile } from './state';
import type { Store } from './store';
import type { Training } from './training';

const MAX_FILE_BYTES = 64 * 2 ** 20;

export class Points {
  /** A link that waits for the file it names. */
  wanted: Link | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly experiment: Experiment,
    private readonly training: Training,
    private readonly sharing: Sharing,
  ) {}

  chooseData(kind: string): Promise<void> {
    const { points, calm } = this.store.state;
    if (kind === 'points') {
      return points ? this.use(points) : Promise.resolve();
    }
    this.training.eager ||= !calm;
    const field = fieldIn(this.store.state, 'data');
    return field ? this.experiment.setText(field, kind) : Promise.resolve();
  }

  async loadFile(file: File): Promise<void> {
    this.store.dropNotice('csv');
    const { name } = file;
    if (file.size > MAX_FILE_BYTES) {
      const message = t('points.tooLarge', { size: MAX_FILE_BYTES / 2 ** 20 });
      this.refuse(name, [{ path: name, message }]);
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const points = await this.parse(bytes, name);
    if (isProblems(points)) {
      this.refuse(name, points.problems);
      return;
    }
    this.training.eager ||= !this.store.state.calm;
    await this.use(points);
  }

  private async parse(
    bytes: Uint8Array,
    name: string,
  ): Promise<PointsFile | Problems> {
    const parsed = await this.engine.call('parse', { bytes, name });
    return isProblems(parsed) ? parsed : this.unpack(parsed, name);
  }

  /** The points of a block, with their values. */
  async unpack(
    { block, digest }: Pick<PackedPoints, 'block' | 'digest'>,
    name: string,
  ): Promise<PointsFile | Problems> {
    const points = await this.engine.call('unpack', { block });
    return isProblems(points) ? points : { ...points, block, digest, name };
  }

  private use(points: PointsFile): Promise<void> {
    return this.store.change(async () => {
      const link = this.wanted;
      const digest = link && valueOfWord(link.words, 'data.digest');
      const meant = link && (digest ?? points.digest) === points.digest;
      const resolved = await this.engine.call('resolve', {
        experiment: '',
        words: meant ? link.words : this.wordsFor(points),
        points: points.block,
      });
      if (isProblems(resolved)) {
        this.refuse(points.name, resolved.problems);
        return;
      }
      if (link && !meant) {
        this.store.notify('file', 'info', t('notice.otherFile'));
      } else {
        this.store.dropNotice('file');
      }
      this.wanted = null;
      this.store.update({ points });
      this.sharing.keepAddress = false;
      await this.experiment.adopt(resolved);
    });
  }

  /** The experiment as it is, with these points as its data. */
  private wordsFor(points: PointsFile): string[] {
    const { state } = this.store;
    const kind = fieldIn(state, 'data')?.kinds?.find(
      ({ name }) => name === 'points',
    );
    const file = kind?.fields.find(({ name }) => name === 'file');
    return [
      ...(state.resolved?.overrides ?? []).filter((word) => !isOfData(word)),
      'data=points',
      ...(file ? [wordOf(file, points.name)] : []),
    ];
  }

  private refuse(file: string, problems: Problem[]): void {
    this.store.notify('csv', 'problem', t('notice.csv', { file }), problems);
  }
}
