// Data as a person chooses them: a data set of the core, or points of their own,
// drawn or from a file, which may be the file that a link asks for.

import type { Engine } from '../engine/client';
import type { PackedPoints, Problem, Problems } from '../engine/core';
import { isProblems, problem } from '../engine/protocol';
import { t } from '../strings';
import type { Experiment } from './experiment';
import { isOfData, valueOfWord, type Link } from './link';
import { wordOf } from './schema';
import type { Sharing } from './sharing';
import { fieldIn, type PointsFile } from './state';
import type { Store } from './store';
import type { Training } from './training';

/** A million points with six coordinates as text; nothing larger is read. */
const MAX_FILE_BYTES = 64 * 2 ** 20;
/** A drawing is no longer the file that it may have begun with. */
const DRAWING = 'drawing.csv';

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
      const size = Math.ceil(file.size / 2 ** 20);
      const max = MAX_FILE_BYTES / 2 ** 20;
      const message = t('points.tooLarge', { size, max });
      this.refuse(name, [{ path: name, message }]);
      return;
    }
    this.store.update({ reading: name });
    const points = await this.read(file);
    this.store.update({ reading: null });
    if (isProblems(points)) {
      this.refuse(name, points.problems);
      return;
    }
    this.training.eager ||= !this.store.state.calm;
    await this.use(points);
  }

  /** Takes drawn points as the data; what is wrong with them, if anything. */
  async draw(
    values: Float32Array,
    labels: Uint8Array,
    dim: number,
  ): Promise<Problem[]> {
    const packed = await this.engine.call('pack', { values, labels, dim });
    if (isProblems(packed)) return packed.problems;
    const points = await this.unpack(packed, DRAWING, false);
    if (isProblems(points)) return points.problems;
    this.store.dropNotice('csv');
    this.store.dropNotice('file');
    this.wanted = null;
    this.training.eager ||= !this.store.state.calm;
    await this.use(points);
    return [];
  }

  private async read(file: File): Promise<PointsFile | Problems> {
    const { name } = file;
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.arrayBuffer());
    } catch {
      return problem(name, t('points.unreadable'));
    }
    const parsed = await this.engine.call('parse', { bytes, name });
    return isProblems(parsed) ? parsed : this.unpack(parsed, name, true);
  }

  /** The points of a block, with their values. */
  async unpack(
    { block, digest }: Pick<PackedPoints, 'block' | 'digest'>,
    name: string,
    onDisk: boolean,
  ): Promise<PointsFile | Problems> {
    const points = await this.engine.call('unpack', { block });
    return isProblems(points)
      ? points
      : { ...points, block, digest, name, onDisk };
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
