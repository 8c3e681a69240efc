// The experiment that the page shows: a field is set, the core resolves the
// whole, and a new session opens if training depends on it. Where words come
// from (a link, a file) is not known here.

import type { Engine } from '../engine/client';
import type { FieldSchema, Problem, Resolved } from '../engine/core';
import { isProblems, type Answered } from '../engine/protocol';
import { t } from '../strings';
import { History } from './history';
import type { Recordings } from './recordings';
import { exampleOf, readEntry, wordOf } from './schema';
import type { Sharing } from './sharing';
import { dataKindOf, NO_POINTS, seedOf, someOf } from './state';
import type { Store } from './store';
import { FIRST_STEPS, type Training } from './training';

/** Data points on screen. */
export const DATA_COUNT = 1000;
const NO_LABELS = new Uint8Array();
/** A drawing is shown whole. */
const OWN_COUNT = 2000;

export class Experiment {
  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly recordings: Recordings,
    private readonly training: Training,
    private readonly sharing: Sharing,
  ) {}

  /** Sets a field from what a person typed or chose. */
  setText(field: FieldSchema, text: string): Promise<void> {
    const entry = readEntry(field, text);
    if ('problem' in entry) {
      const message =
        entry.problem === 'numbers'
          ? t('field.notNumbers', { example: exampleOf(field) })
          : entry.problem === 'integer'
            ? t('field.notInteger')
            : t('field.notNumber');
      this.draft(field, text, [{ path: field.path, message }]);
      return Promise.resolve();
    }
    return this.store.change(async () => {
      const current = this.store.state.resolved;
      if (!current) return;
      const resolved = await this.engine.call('resolve', {
        experiment: current.experiment,
        words: [wordOf(field, entry.value)],
        points: this.blockFor(
          field.path === 'data'
            ? entry.value
            : dataKindOf(this.store.state, current),
        ),
      });
      if (isProblems(resolved)) {
        this.draft(field, text, resolved.problems);
        return;
      }
      const drafts = { ...this.store.state.drafts };
      delete drafts[field.path];
      this.store.update({ drafts });
      this.sharing.keepAddress = false;
      await this.adopt(resolved);
    });
  }

  private draft(field: FieldSchema, text: string, problems: Problem[]): void {
    const { drafts } = this.store.state;
    this.store.update({
      drafts: { ...drafts, [field.path]: { text, problems } },
    });
    this.store.say(problems.map(({ message }) => message).join(' '));
  }

  /**
   * Makes the experiment the page's own. Another sampler changes how particles
   * travel and nothing of the training, so that alone leaves training be.
   */
  async adopt(resolved: Resolved): Promise<void> {
    const { resolved: before, step } = this.store.state;
    if (before !== null && trainedPart(before) === trainedPart(resolved)) {
      this.store.update({
        resolved,
        recordings: {},
        mode: 'live',
        playing: false,
      });
      await this.recordings.begin();
    } else {
      if (!(await this.open(resolved))) return;
      if (step > 0) {
        this.store.notify('restarted', 'info', t('notice.restarted'));
      }
      // What is not trained never stops training, which else shows it.
      if (!this.store.state.trainable) await this.training.refreshFingerprint();
      if (this.training.eager) this.training.train();
    }
    this.sharing.writeAddress();
  }

  /** Back to step 0 of the same run. */
  reset(): Promise<void> {
    this.training.eager = false;
    return this.store.change(async () => {
      const { resolved } = this.store.state;
      if (resolved) await this.open(resolved);
      this.store.dropNotice('restarted');
      this.store.dropNotice('diverged');
      this.sharing.writeAddress();
    });
  }

  private async open(resolved: Resolved): Promise<boolean> {
    const kind = dataKindOf(this.store.state, resolved);
    const opened = await this.engine.call('open', {
      experiment: resolved.experiment,
      points: this.blockFor(kind),
      count: DATA_COUNT,
      seed: seedOf(resolved),
    });
    if (isProblems(opened)) {
      const title = t('notice.open');
      this.store.notify('open', 'problem', title, opened.problems);
      return false;
    }
    this.store.dropNotice('open');
    await this.show(resolved, opened);
    return true;
  }

  /** Shows a run that the engine has opened, at its step. */
  async showRun(run: Answered<'openRun'>): Promise<void> {
    await this.show(run.resolved, run);
    const { history } = this.store.state;
    history.add(run.losses);
    this.store.update({
      until: run.step || FIRST_STEPS,
      loss: history.length > 0 ? history.loss(history.length - 1) : NaN,
    });
  }

  private async show(
    resolved: Resolved,
    opened: Answered<'open'>,
  ): Promise<void> {
    const { state } = this.store;
    const { points } = state;
    const kind = dataKindOf(state, resolved);
    const own = kind === 'points' && points ? someOf(points, OWN_COUNT) : null;
    this.store.update({
      resolved,
      dim: opened.dim,
      trainable: opened.trainable,
      parameters: opened.parameters,
      data: own?.values ?? opened.data,
      labels: own?.labels ?? NO_LABELS,
      live: null,
      step: opened.step,
      running: false,
      diverged: false,
      speed: 0,
      loss: NaN,
      history: new History(),
      fingerprint: null,
      mode: 'live',
      recordings: {},
      playing: false,
      position: 0,
    });
    await this.recordings.begin();
  }

  /** The block that goes with a kind of data: only points have one. */
  private blockFor(kind: unknown): Uint8Array {
    const { points } = this.store.state;
    return kind === 'points' && points ? points.block : NO_POINTS;
  }
}

function trainedPart(resolved: Resolved): string {
  return JSON.stringify({ ...resolved.values, sampler: null });
}
