// The solver laboratory: one exact law, several samplers from the same start
// points, and their errors. Its state is a value that is replaced, never
// changed; the engine computes, components show. What the training page does is
// lab.ts's business.

import type { Engine } from '../engine/client';
import type { FieldSchema, Problem, Problems } from '../engine/core';
import { isProblems } from '../engine/protocol';
import type { SolverCalls, SolverFrame } from '../engine/solver-protocol';
import type { ResolvedLaw } from '../engine/solvers';
import type { Need } from '../engine/support';
import { t } from '../strings/solvers';
import { exampleOf, readEntry, wordOf, type FieldOwner } from './schema';
import { decodeSolvers, MOST_SAMPLERS, type ErrorKind } from './solvers-link';
import { SolverFrames } from './solvers-frames';
import { SolverOpening } from './solvers-opening';
import type { Form } from './flags';
import { commandOf, hashOf } from './solvers-sharing';
import {
  initialSolvers,
  isOfSteps,
  kindToAdd,
  nameOf,
  type Solver,
  type SolversState,
} from './solvers-state';
import { textOf, type Draft, type Notice } from './state';
import type { Surroundings } from './surroundings';

/** Points of the law behind the particles. */
const DATA_COUNT = 1000;
/** From noise to data takes this long when played. */
const PLAY_MS = 4500;
/** A frame that comes late moves no further than a slow one. */
const SLOWEST_FRAME_MS = 100;

/** Whether a notice is about the way of one sampler. */
function isOfWay(notice: string): boolean {
  return notice.startsWith('way.');
}

export class SolverLab {
  state = initialSolvers();
  /** What a notice needs to be closed. */
  readonly store = {
    dropNotice: (id: string): void => {
      this.update({
        notices: this.state.notices.filter((notice) => notice.id !== id),
      });
    },
  };
  readonly experiment: FieldOwner['experiment'] = {
    setText: (field, text) => this.setExperiment(field, text),
  };

  private readonly listeners = new Set<() => void>();
  private changes: Promise<unknown> = Promise.resolve();
  private readonly frames: SolverFrames;
  private readonly opening: SolverOpening;
  /** Counts what made earlier recordings and errors those of something else. */
  private era = 0;
  private animating = false;
  /** A link that could not be read whole stays until something is changed. */
  private keepAddress = false;

  constructor(
    private readonly engine: Engine<SolverCalls>,
    private readonly around: Surroundings,
  ) {
    this.opening = new SolverOpening(engine);
    this.frames = new SolverFrames(engine, around, (frame) => {
      this.absorb(frame);
    });
    this.update({ flags: decodeSolvers(around.hash()).flags });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async start(lacks: Need | null): Promise<void> {
    if (lacks) {
      this.update({ phase: 'failed', lacks });
      return;
    }
    const { base, carried } = this.around;
    const description = await this.engine.call('start', { base, carried });
    if (isProblems(description)) {
      const failure = textOf(description);
      this.update({ phase: 'failed', lacks: 'load', failure });
      return;
    }
    this.update({ description });
    await this.openLink(this.around.hash());
  }

  /** Shows what a link says; what cannot be read of it is told. */
  openLink(hash: string): Promise<void> {
    return this.change(async () => {
      const opened = await this.opening.read(hash);
      if (isProblems(opened)) {
        this.failed(opened);
        return;
      }
      const { resolved, solvers, wrong } = opened;
      const { steps, n, seed, error, t: time, flags } = opened.link;
      this.update({ resolved, solvers, steps, n, seed, error, t: time, flags });
      this.update({ notices: [], drafts: {} });
      this.keepAddress = wrong.length > 0;
      if (wrong.length > 0) {
        this.notify('link', 'problem', t('notice.link'), wrong);
      }
      await this.open(resolved);
      if (hash !== '') this.writeAddress();
    });
  }

  // What the page offers.

  setSampler(id: number, field: FieldSchema, text: string): Promise<void> {
    const word = this.wordFor(field, text, (draft) => {
      this.putSolver(id, (solver) => ({
        drafts: { ...solver.drafts, [field.path]: draft },
      }));
    });
    if (word === null) return Promise.resolve();
    return this.changed(async () => {
      const solver = this.state.solvers.find((each) => each.id === id);
      if (!solver) return;
      // Another kind starts from its own defaults, with as many steps.
      const { path } = field;
      const kept = solver.words.filter((each) =>
        path === 'sampler'
          ? isOfSteps(each)
          : !each.startsWith(`${path}=`) && !each.startsWith(`${path}.`),
      );
      const next = await this.makeSolver([...kept, word], id);
      if (isProblems(next)) {
        const draft = { text, problems: next.problems };
        this.putSolver(id, (each) => ({
          drafts: { ...each.drafts, [field.path]: draft },
        }));
        return;
      }
      this.putSolver(id, () => next);
      const measures = field.path !== 'sampler.steps';
      await this.look(measures);
    });
  }

  addSolver(): Promise<void> {
    return this.changed(async () => {
      const { solvers } = this.state;
      if (solvers.length >= MOST_SAMPLERS) return;
      const solver = await this.makeSolver([
        `sampler=${kindToAdd(this.state)}`,
        'sampler.steps=10',
      ]);
      if (isProblems(solver)) return;
      this.update({ solvers: [...solvers, solver] });
      await this.look(true);
    });
  }

  removeSolver(id: number): Promise<void> {
    return this.changed(async () => {
      const { solvers } = this.state;
      if (solvers.length < 2) return;
      this.update({ solvers: solvers.filter((solver) => solver.id !== id) });
      await this.look(true);
    });
  }

  setSteps(steps: number[]): Promise<void> {
    return this.changed(async () => {
      this.update({ steps });
      await this.look(true);
    });
  }

  setDraw(draw: { n?: number; seed?: number }): Promise<void> {
    return this.changed(async () => {
      this.update(draw);
      if (this.state.resolved) await this.open(this.state.resolved);
    });
  }

  setError(error: ErrorKind): void {
    this.update({ error });
    this.keepAddress = false;
    this.writeAddress();
  }

  /** Moves the time line; while it plays it stops. */
  setTime(time: number): void {
    this.update({ t: time, playing: false });
    this.keepAddress = false;
    this.writeAddress();
  }

  play(): void {
    const { t: time } = this.state;
    this.update({ playing: true, t: time <= 0 ? 1 : time });
    this.animate();
  }

  stop(): void {
    this.update({ playing: false });
    this.writeAddress();
  }

  /** Stops recording and measuring; what is known stays. */
  async cancel(): Promise<void> {
    ++this.era;
    this.frames.stop();
    const said = t('errors.stopped');
    this.update({ recording: false, measuring: false, said });
    await this.engine.call('compare', { ask: null });
  }

  /** Measures from the beginning, after what is not recorded yet. */
  measure(): Promise<void> {
    return this.change(() => this.look(true));
  }

  /** The table as a file. */
  async save(): Promise<void> {
    const text = await this.engine.call('errorsText', {});
    if (typeof text === 'string') this.around.save('errors.csv', text);
    else this.notify('errors', 'problem', t('errors.cannot'), text.problems);
  }

  async copy(text: string, what: string): Promise<void> {
    const copied = await this.around.copy(text);
    const said = t(copied ? 'say.copied' : 'say.notCopied', { what });
    this.update({ said });
  }

  /** A hidden page rests. */
  hold(held: boolean): void {
    if (this.state.phase !== 'ready') return;
    void this.engine.call('hold', { held });
    if (!held) this.frames.pull();
  }

  get link(): string {
    return `${this.around.page}#${hashOf(this.state)}`;
  }
  get form(): Form {
    return this.around.form;
  }

  get command(): string {
    return commandOf(this.state);
  }

  // How it is done.

  private update(patch: Partial<SolversState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }

  /** Changes happen one after the other. */
  private change(task: () => Promise<void>): Promise<void> {
    const run = this.changes.then(task);
    this.changes = run.catch(() => undefined);
    return run;
  }

  /** The same with one that a person makes. */
  private changed(task: () => Promise<void>): Promise<void> {
    return this.change(async () => {
      this.keepAddress = false;
      await task();
      this.writeAddress();
    });
  }

  private setExperiment(field: FieldSchema, text: string): Promise<void> {
    const put = (draft: Draft): void => {
      const { drafts } = this.state;
      this.update({ drafts: { ...drafts, [field.path]: draft } });
    };
    const word = this.wordFor(field, text, put);
    if (word === null) return Promise.resolve();
    return this.changed(async () => {
      const current = this.state.resolved;
      if (!current) return;
      const resolved = await this.opening.resolve(current.experiment, [word]);
      if (isProblems(resolved)) {
        put({ text, problems: resolved.problems });
        return;
      }
      const drafts = { ...this.state.drafts };
      delete drafts[field.path];
      this.update({ drafts });
      await this.open(resolved);
    });
  }

  /** What was entered as a word; else it becomes a draft with its problem. */
  private wordFor(
    field: FieldSchema,
    text: string,
    put: (draft: Draft) => void,
  ): string | null {
    const entry = readEntry(field, text);
    if (!('problem' in entry)) return wordOf(field, entry.value);
    const message =
      entry.problem === 'numbers'
        ? t('field.notNumbers', { example: exampleOf(field) })
        : entry.problem === 'integer'
          ? t('field.notInteger')
          : t('field.notNumber');
    put({ text, problems: [{ path: field.path, message }] });
    this.update({ said: message });
    return null;
  }

  private makeSolver(words: string[], id?: number): Promise<Solver | Problems> {
    const law = this.state.resolved?.experiment ?? '';
    return this.opening.makeSolver(law, words, id);
  }

  private putSolver(
    id: number,
    patch: (solver: Solver) => Partial<Solver>,
  ): void {
    const solvers = this.state.solvers.map((solver) =>
      solver.id === id ? { ...solver, ...patch(solver) } : solver,
    );
    this.update({ solvers });
  }

  private async open(resolved: ResolvedLaw): Promise<void> {
    const { seed } = this.state;
    const opened = await this.engine.call('open', {
      experiment: resolved.experiment,
      count: DATA_COUNT,
      seed,
    });
    if (isProblems(opened)) {
      this.notify('open', 'problem', t('notice.open'), opened.problems);
      if (this.state.phase === 'loading') this.failed(opened);
      return;
    }
    this.store.dropNotice('open');
    const { data, dim } = opened;
    const solvers = this.state.solvers.map((each) => ({ ...each, way: null }));
    this.update({ phase: 'ready', resolved, data, dim, solvers });
    await this.look(true);
  }

  /** Records what is not recorded, and then measures anew if that is asked. */
  private async look(measures: boolean): Promise<void> {
    const era = ++this.era;
    this.frames.stop();
    // Each way that failed is tried again.
    const notices = this.state.notices.filter(({ id }) => !isOfWay(id));
    this.update({ notices, recording: true });
    if (measures) {
      await this.engine.call('compare', { ask: null });
      this.update({ errors: null, measuring: false });
    }
    void this.recordAll(era, measures);
  }

  private async recordAll(era: number, measures: boolean): Promise<void> {
    if (era !== this.era) return;
    const { n: count, seed } = this.state;
    for (const { id } of this.state.solvers) {
      const solver = this.state.solvers.find((each) => each.id === id);
      if (!solver || solver.way?.done) continue;
      const problems = await this.frames.record(
        { count, seed },
        solver.words,
        (way) => {
          this.putSolver(id, () => ({ way }));
        },
      );
      if (era !== this.era) return;
      if (problems) {
        const title = t('solvers.cannot', { name: nameOf(this.state, solver) });
        this.notify(`way.${id}`, 'problem', title, problems.problems);
      }
    }
    if (measures) await this.compare(era);
    else this.update({ recording: false });
  }

  /** Holds all samplers against the exact flow, from the beginning. */
  private async compare(era: number): Promise<void> {
    const { n, seed, steps, solvers } = this.state;
    const answer = await this.engine.call('compare', {
      ask: {
        count: n,
        seed,
        samplers: solvers.map(({ words }) => words),
        steps,
      },
    });
    if (era !== this.era) return;
    const problems = isProblems(answer) ? answer.problems : [];
    this.store.dropNotice('errors');
    this.update({
      errors: null,
      measured: solvers.map((solver) => nameOf(this.state, solver)),
      measuring: problems.length === 0,
      recording: false,
    });
    if (problems.length > 0) {
      this.notify('errors', 'problem', t('errors.cannot'), problems);
    }
    this.frames.pull();
  }

  private absorb({ errors, problems }: SolverFrame): void {
    // What comes late of samplers that are there no more is of no use.
    if (errors && (this.state.measuring || this.state.errors)) {
      const measuring = this.state.measuring && errors.done < errors.pieces;
      if (this.state.measuring && !measuring) {
        this.update({ said: t('errors.done') });
      }
      this.update({ errors, measuring });
    }
    if (problems) {
      this.update({ measuring: false });
      this.notify('errors', 'problem', t('errors.cannot'), problems.problems);
    }
  }

  private animate(): void {
    if (this.animating) return;
    this.animating = true;
    let before: number | null = null;
    const tick = (now: number): void => {
      if (!this.state.playing) {
        this.animating = false;
        return;
      }
      const passed =
        before === null ? 0 : Math.min(SLOWEST_FRAME_MS, now - before);
      before = now;
      const time = Math.max(0, this.state.t - passed / PLAY_MS);
      this.update({ t: time, playing: time > 0 });
      if (time === 0) this.writeAddress();
      this.around.nextFrame(tick);
    };
    this.around.nextFrame(tick);
  }

  private writeAddress(): void {
    if (!this.keepAddress) this.around.setHash(`#${hashOf(this.state)}`);
  }

  private notify(
    id: string,
    tone: Notice['tone'],
    title: string,
    problems: Problem[] = [],
  ): void {
    const others = this.state.notices.filter((notice) => notice.id !== id);
    this.update({ notices: [...others, { id, tone, title, problems }] });
  }

  private failed(problems: Problems): void {
    const failure = textOf(problems);
    this.update({ phase: 'failed', lacks: 'load', failure });
  }
}
