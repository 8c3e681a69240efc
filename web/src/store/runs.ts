// Runs as files: one that the command line or this page has saved is opened and
// goes on from its step, with the same bits; the one shown is saved. Files that
// are no run are points (points.ts).

import type { Engine } from '../engine/client';
import type { Problem, RunFiles } from '../engine/core';
import { isProblems } from '../engine/protocol';
import { t } from '../strings';
import { DATA_COUNT, type Experiment } from './experiment';
import type { Points } from './points';
import type { Sharing } from './sharing';
import { dataKindOf } from './state';
import type { Store } from './store';
import type { Surroundings } from './surroundings';
import type { Training } from './training';

const MAX_RUN_BYTES = 512 * 2 ** 20;
const MODEL = /\.safetensors$/i;
/** What stands beside the model in a run directory. */
const BESIDE = {
  experiment: 'experiment.json',
  points: 'data.npy',
  labels: 'labels.npy',
  metrics: 'metrics.jsonl',
} as const;

export class Runs {
  constructor(
    private readonly engine: Engine,
    private readonly store: Store,
    private readonly experiment: Experiment,
    private readonly training: Training,
    private readonly points: Points,
    private readonly sharing: Sharing,
    private readonly around: Surroundings,
  ) {}

  /** Takes what a person chose or dropped: a run, or points. */
  async take(files: File[]): Promise<void> {
    const [first] = files;
    if (!first) return;
    this.store.dropNotice('run');
    const models = files.filter(({ name }) => MODEL.test(name));
    const [model] = models;
    const { name } = model ?? first;
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (models.length > 1) {
      this.refuse(name, [{ path: '', message: t('run.oneOnly') }]);
    } else if (model && size > MAX_RUN_BYTES) {
      const message = t('run.tooLarge', { size: MAX_RUN_BYTES / 2 ** 20 });
      this.refuse(name, [{ path: '', message }]);
    } else if (model) {
      await this.open(model, files);
    } else if (files.some(({ name }) => /\.jsonl?$/i.test(name))) {
      this.refuse(name, [{ path: '', message: t('run.noModel') }]);
    } else {
      await this.points.loadFile(first);
    }
  }

  /** The run that the page shows, as one file. */
  async save(): Promise<void> {
    const run = await this.engine.call('saveRun', {});
    if (isProblems(run)) {
      this.store.engineFailed(run);
      return;
    }
    const { state } = this.store;
    const { resolved, points } = state;
    const kind = resolved ? dataKindOf(state, resolved) : 'run';
    const title = kind === 'points' && points ? points.name : kind;
    const stem = title.replace(/\.[^.]*$/, '').replace(/[^\w-]+/g, '_');
    this.around.save(`${stem || 'run'}-${run.step}.safetensors`, run.bytes);
  }

  private async open(model: File, files: File[]): Promise<void> {
    let run: RunFiles;
    try {
      run = await read(model, files);
    } catch {
      this.refuse(model.name, [{ path: '', message: t('run.unreadable') }]);
      return;
    }
    await this.store.change(async () => {
      const opened = await this.engine.call('openRun', {
        files: run,
        count: DATA_COUNT,
      });
      if (isProblems(opened)) {
        this.refuse(model.name, opened.problems);
        return;
      }
      this.store.update({ notices: [], drafts: {} });
      if (opened.block.length > 0) {
        const name = opened.file || t('points.file');
        const points = await this.points.unpack(opened, name, false);
        if (isProblems(points)) this.store.engineFailed(points);
        else this.store.update({ points });
      }
      this.training.eager = false;
      this.points.wanted = null;
      this.sharing.keepAddress = false;
      await this.experiment.showRun(opened);
      await this.training.refreshFingerprint();
      this.sharing.writeAddress();
      this.store.say(t('say.opened', { file: model.name, step: opened.step }));
    });
  }

  private refuse(file: string, problems: Problem[]): void {
    this.store.notify('run', 'problem', t('notice.run', { file }), problems);
  }
}

async function read(model: File, files: File[]): Promise<RunFiles> {
  const beside = async (name: string): Promise<Uint8Array> => {
    const file = files.find((file) => file.name === name);
    return file ? bytesOf(file) : new Uint8Array();
  };
  return {
    name: model.name,
    model: await bytesOf(model),
    experiment: await beside(BESIDE.experiment),
    points: await beside(BESIDE.points),
    labels: await beside(BESIDE.labels),
    metrics: await beside(BESIDE.metrics),
  };
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
