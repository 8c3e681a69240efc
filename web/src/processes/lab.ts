// What the process laboratory does: opens what is asked for, pulls what the
// worker has made, moves the knife. Components call it and show its state.

import type { Engine } from '../engine/client';
import type { FieldSchema, Problem } from '../engine/core';
import type { ProcessCalls } from '../engine/process-protocol';
import { isProblems, type Carried } from '../engine/protocol';
import type { Need } from '../engine/support';
import { exampleOf, readEntry, wordOf } from '../store/schema';
import type { Notice } from '../store/state';
import { splitWord } from '../store/words';
import { t as shared } from '../strings';
import {
  LAYERS,
  countProblem,
  decodeLink,
  encodeLink,
  readCount,
  readWindow,
  type Ask,
  type Count,
  type Layer,
} from './link';
import {
  initialState,
  kindOf,
  momentNear,
  processFields,
  timeAt,
  timesOf,
  type ProcessState,
} from './state';
import { t } from './texts';

/** What the laboratory needs of the browser around it. */
export interface Around {
  base: string;
  /** The module, where the document carries all it needs. */
  carried: Carried | null;
  /** An embed leaves out what is not of the picture. */
  form: 'page' | 'embed';
  /** The page's address without its hash. */
  page: string;
  hash(): string;
  setHash(hash: string): void;
  nextFrame(callback: (now: number) => void): void;
  copy(text: string): Promise<boolean>;
}

/** The clock goes from start to end in this time. */
const PLAY_MS = 8000;

export class ProcessLab {
  state: ProcessState = initialState();
  private readonly listeners = new Set<() => void>();
  /** Which opening is the newest: answers to others are too late. */
  private opening = 0;
  /** The time that the knife is asked for, until there are times; Infinity: the end. */
  private wanted: number | null = null;

  constructor(
    private readonly engine: Engine<ProcessCalls>,
    private readonly around: Around,
  ) {}

  /** For the components that the training page has too. */
  readonly experiment = {
    setText: (field: FieldSchema, text: string) => this.setText(field, text),
  };
  readonly store = {
    dropNotice: (id: string): void => {
      const notices = this.state.notices.filter((notice) => notice.id !== id);
      if (notices.length < this.state.notices.length) this.update({ notices });
    },
  };

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private update(patch: Partial<ProcessState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
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

  async start(lacks: Need | null): Promise<void> {
    if (lacks) {
      this.update({ phase: 'failed', lacks });
      return;
    }
    const { base, carried } = this.around;
    const description = await this.engine.call('start', { base, carried });
    if (isProblems(description)) {
      const failure = description.problems[0]?.message ?? '';
      this.update({ phase: 'failed', failure });
      return;
    }
    this.update({ phase: 'ready', description });
    await this.openLink(this.around.hash());
  }

  /** Opens what an address says, and tells what it could not. */
  async openLink(hash: string): Promise<void> {
    const { ask, view, knife, problems } = decodeLink(hash);
    this.wanted = knife;
    this.update({ view, drafts: {} });
    this.store.dropNotice('open');
    const wrong = await this.open(ask);
    if (wrong.length > 0) {
      // The process itself, then at least the picture of another.
      const plain = { ...ask, words: [], n: 1000, cells: 0, window: [] };
      if ((await this.open(plain)).length > 0)
        await this.open(decodeLink('').ask);
    }
    const all = [...problems, ...wrong];
    if (all.length > 0)
      this.notify('link', 'problem', t('lab.linkProblem'), all);
    else this.store.dropNotice('link');
  }

  /** Chooses a process, with its own defaults. */
  choose(name: string): void {
    this.wanted = null;
    this.update({ drafts: {}, playing: false });
    void this.change({ ...this.state.ask, name, words: [], window: [] });
  }

  private async setText(field: FieldSchema, text: string): Promise<void> {
    const { path } = field;
    if (path === 'n' || path === 'seed' || path === 'cells') {
      return this.setCount(path, text);
    }
    if (path === 'window') return this.setWindow(text);
    const entry = readEntry(field, text);
    if ('problem' in entry) {
      const message =
        entry.problem === 'numbers'
          ? shared('field.notNumbers', { example: exampleOf(field) })
          : entry.problem === 'integer'
            ? shared('field.notInteger')
            : shared('field.notNumber');
      this.draft(field.path, text, [{ path: field.path, message }]);
      return;
    }
    const { ask } = this.state;
    const words = ask.words.filter((word) => splitWord(word)[0] !== field.path);
    const problems = await this.open({
      ...ask,
      words: [...words, wordOf(field, entry.value)],
    });
    this.settle(field.path, text, problems);
  }

  /** How many particles or cells there are, or the seed. */
  private async setCount(key: Count, text: string): Promise<void> {
    const value = readCount(key, text);
    if (value === null) {
      const message = countProblem(key, text);
      this.draft(key, text, [{ path: key, message }]);
      return;
    }
    const problems = await this.open({ ...this.state.ask, [key]: value });
    this.settle(key, text, problems);
  }

  private async setWindow(text: string): Promise<void> {
    const window = readWindow(text);
    if (!window) {
      const message = t('lab.window', { value: text });
      this.draft('window', text, [{ path: 'window', message }]);
      return;
    }
    const problems = await this.open({ ...this.state.ask, window });
    this.settle('window', text, problems);
  }

  private settle(path: string, text: string, problems: Problem[]): void {
    if (problems.length > 0) {
      this.draft(path, text, problems);
      return;
    }
    const drafts = { ...this.state.drafts };
    delete drafts[path];
    this.update({ drafts });
    this.writeAddress();
  }

  private draft(path: string, text: string, problems: Problem[]): void {
    this.update({
      drafts: { ...this.state.drafts, [path]: { text, problems } },
      said: problems.map(({ message }) => message).join(' '),
    });
  }

  /** Opens what was chosen; a problem of it is a notice. */
  private async change(ask: Ask): Promise<void> {
    const problems = await this.open(ask);
    if (problems.length > 0) {
      this.notify('open', 'problem', t('lab.openProblem'), problems);
    } else {
      this.store.dropNotice('open');
      this.writeAddress();
    }
  }

  /** What is wrong with it, if anything: then all stays as it was. */
  private async open(ask: Ask): Promise<Problem[]> {
    const opening = ++this.opening;
    // The knife stays where it is, in time.
    if (
      this.wanted === null &&
      this.state.particles &&
      this.state.ask.name === ask.name
    ) {
      const { knife } = this.state;
      const end = knife === timesOf(this.state).length - 1;
      this.wanted = end ? Infinity : timeAt(this.state, knife);
    }
    const opened = await this.engine.call('open', ask);
    if (isProblems(opened)) return opened.problems;
    if (opening !== this.opening) return [];
    const words = opened.overrides.filter(
      (word) => splitWord(word)[0] !== 'process',
    );
    const other = this.state.ask.name !== ask.name || !this.state.opened;
    this.update({
      ask: { ...ask, words },
      opened,
      busy: true,
      particlesDone: 0,
      lawDone: 0,
      // Until it has moved, the picture of the same process stays.
      ...(other ? { started: null, particles: null, law: null, knife: 0 } : {}),
    });
    this.store.dropNotice('work');
    void this.pull(opening);
    return [];
  }

  /** Takes what the worker has made until nothing more will come. */
  private async pull(opening: number): Promise<void> {
    for (;;) {
      const frame = await this.engine.call('frame', {});
      if (opening !== this.opening) return;
      if (isProblems(frame)) {
        this.update({ busy: false });
        this.notify('work', 'problem', t('lab.workProblem'), frame.problems);
        return;
      }
      const { particlesDone, lawDone, busy, arrived, law, problems } = frame;
      this.update({ particlesDone, lawDone, busy });
      if (arrived) {
        const { started, particles } = arrived;
        this.update({ started, particles, law: null });
        const last = particles.times.length - 1;
        const time = Math.min(this.wanted ?? Infinity, particles.times[last]!);
        this.wanted = null;
        this.update({ knife: momentNear(particles.times, time) });
      }
      if (law) this.update({ law });
      if (problems) {
        // What is shown would be of other fields than those beside it.
        if (particlesDone < 1) {
          this.update({ started: null, particles: null, law: null });
        }
        this.notify('work', 'problem', t('lab.workProblem'), problems.problems);
      }
      if (!busy) {
        this.sayDone();
        return;
      }
      await new Promise<void>((resolve) => {
        this.around.nextFrame(() => {
          resolve();
        });
      });
    }
  }

  private sayDone(): void {
    const title = kindOf(this.state)?.title ?? this.state.ask.name;
    this.update({ said: t('lab.done', { title, n: this.state.ask.n }) });
  }

  /** Moves the knife to a moment. */
  cut(moment: number): void {
    const last = timesOf(this.state).length - 1;
    const knife = Math.min(Math.max(0, last), Math.max(0, Math.round(moment)));
    if (knife !== this.state.knife) this.update({ knife });
  }

  /** Moves it to the moment that is nearest to a time. */
  cutAt(time: number): void {
    this.update({ playing: false });
    this.cut(momentNear(timesOf(this.state), time));
  }

  /** The knife was let go: the address says where. */
  settleKnife(): void {
    this.writeAddress();
  }

  play(): void {
    if (this.state.playing) {
      this.update({ playing: false });
      this.writeAddress();
      return;
    }
    const last = timesOf(this.state).length - 1;
    if (last < 1) return;
    if (this.state.knife === last) this.cut(0);
    this.update({ playing: true });
    let before = NaN;
    let place = this.state.knife;
    const tick = (now: number): void => {
      if (!this.state.playing) return;
      const passed = Number.isNaN(before) ? 0 : now - before;
      before = now;
      const end = timesOf(this.state).length - 1;
      // Whoever moved the knife goes on from there.
      if (Math.round(place) !== this.state.knife) place = this.state.knife;
      place = Math.min(end, place + (passed / PLAY_MS) * end);
      this.cut(place);
      if (place >= end) {
        this.update({ playing: false });
        this.writeAddress();
      } else this.around.nextFrame(tick);
    };
    this.around.nextFrame(tick);
  }

  toggleLayer(layer: Layer): void {
    const { view } = this.state;
    const layers = LAYERS.filter(
      (other) => view.layers.includes(other) !== (other === layer),
    );
    this.update({ view: { ...view, layers } });
    this.writeAddress();
  }

  /** All as the process has it by itself. */
  reset(): void {
    this.choose(this.state.ask.name);
  }

  get changed(): boolean {
    return this.state.ask.words.length > 0;
  }

  get link(): string {
    const { ask, view, knife } = this.state;
    // While particles move, the knife is where it is asked for.
    const last = timesOf(this.state).length - 1;
    const shown = knife < last ? timeAt(this.state, knife) : null;
    const asked = this.wanted === Infinity ? null : this.wanted;
    const time = this.state.busy && asked !== null ? asked : shown;
    return `${this.around.page}#${encodeLink({ ask, view, knife: time })}`;
  }

  get form(): Around['form'] {
    return this.around.form;
  }

  /** HTML of a frame for other pages; null where this page has no server. */
  get embed(): string | null {
    const { base, carried, page } = this.around;
    if (carried) return null;
    const file = new URL('processes_embed.html', base).href;
    const src = `${file}${this.link.slice(page.length)}`;
    return `<iframe src="${src.replaceAll('&', '&amp;')}" title="unnoise" style="width: 100%; height: 760px; border: 0"></iframe>`;
  }

  private writeAddress(): void {
    this.around.setHash(this.link.slice(this.around.page.length));
  }

  async copy(text: string): Promise<void> {
    const done = await this.around.copy(text);
    this.update({ said: done ? t('lab.copied') : t('lab.copyFailed') });
  }

  get fields(): FieldSchema[] {
    return processFields(this.state);
  }
}
