// Opening a link: all of it, or as much as can be read, with the rest told. How
// a link is written is not known here (link.ts).

import type { Engine } from '../engine/client';
import type { Problem, Resolved } from '../engine/core';
import { isProblems } from '../engine/protocol';
import { t } from '../strings';
import type { Experiment } from './experiment';
import { unknownLocks } from './flags';
import {
  decodeLink,
  isOfData,
  isOfWeights,
  valueOfWord,
  type Link,
} from './link';
import type { Points } from './points';
import type { Sharing } from './sharing';
import { NO_POINTS, textOf, type PointsFile } from './state';
import type { Store } from './store';
import type { Surroundings } from './surroundings';
import { FIRST_STEPS } from './training';

export class Opening {
  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly around: Surroundings,
    private readonly experiment: Experiment,
    private readonly points: Points,
    private readonly sharing: Sharing,
  ) {}

  /** Takes over a link's flags, which need no engine. */
  setUp(hash: string): void {
    const { flags } = decodeLink(hash);
    this.store.update({ flags, form: flags.form ?? this.around.form });
  }

  /** Shows what a link says, as far as it can be read. */
  openLink(hash: string): Promise<void> {
    if (this.sharing.wrote(hash)) return Promise.resolve();
    return this.store.change(async () => {
      const link = decodeLink(hash);
      const problems = [
        ...link.problems,
        ...unknownLocks(
          link.flags,
          this.store.state.description?.experiment ?? [],
        ),
      ];
      this.setUp(hash);
      const points = link.points && (await this.unpack(link, link.points));
      if (link.points && !points) {
        problems.push({ path: 'points', message: t('link.points') });
      }
      const missing = link.words.includes('data=points') && !points;
      const weights = valueOfWord(link.words, 'weights');
      if (weights) {
        const message = t('link.weights', { weights });
        problems.push({ path: 'weights', message });
      }
      const words = link.words.filter(
        (word) => !(missing && isOfData(word)) && !isOfWeights(word),
      );
      const found = await this.resolveWhatHolds(words, points?.block);
      problems.push(...found.problems);
      this.store.update({
        phase: 'ready',
        view: link.view,
        until: link.steps ?? FIRST_STEPS,
        notices: [],
        drafts: {},
        points: points ?? this.store.state.points,
      });
      this.points.wanted = missing ? link : null;
      this.sharing.keepAddress = problems.length > 0 || missing;
      await this.experiment.adopt(found.resolved);
      if (problems.length > 0) {
        this.store.notify('link', 'problem', t('notice.link'), problems);
      }
      if (missing) {
        const file = valueOfWord(link.words, 'data.file') ?? t('points.file');
        this.store.notify('file', 'info', t('notice.needsFile', { file }));
      }
    });
  }

  private async unpack(
    { words }: Link,
    block: Uint8Array,
  ): Promise<PointsFile | null> {
    const name = valueOfWord(words, 'data.file') ?? 'points.csv';
    const digest = valueOfWord(words, 'data.digest') ?? '';
    const points = await this.points.unpack({ block, digest }, name, false);
    return isProblems(points) ? null : points;
  }

  /** Resolves all words, or else each that can stand with those before it. */
  private async resolveWhatHolds(
    words: string[],
    block: Uint8Array = NO_POINTS,
  ): Promise<{ resolved: Resolved; problems: Problem[] }> {
    const resolve = (some: string[]) =>
      this.engine.call('resolve', {
        experiment: '',
        words: some,
        points: some.includes('data=points') ? block : NO_POINTS,
      });
    const whole = await resolve(words);
    if (!isProblems(whole)) return { resolved: whole, problems: [] };

    const kept: string[] = [];
    const problems: Problem[] = [];
    for (const word of words) {
      const answer = await resolve([...kept, word]);
      if (isProblems(answer)) {
        problems.push({ path: word, message: textOf(answer) });
      } else {
        kept.push(word);
      }
    }
    const resolved = await resolve(kept);
    if (isProblems(resolved)) throw new Error(textOf(resolved));
    return { resolved, problems };
  }
}
