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
  DEFAULT_ASK,
  LAYERS,
  countProblem,
  decodeLink,
  encodeLink,
  readCount,
  readWindow,
  type Ask,
  type Layer,
} from './link';
import {
  NOTHING_DRAWN,
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
  private changes: Promise<unknown> = Promise.resolve();
  private pulling = false;
  /**
   * The time that the knife is asked for, until the particles of what is open
   * have arrived; Infinity: the end.
   */
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

  /** Changes happen one after the other. */
  private inTurn(task: () => Promise<void>): Promise<void> {
    const run = this.changes.then(task);
    this.changes = run.catch(() => undefined);
    return run;
  }

  /** Opens what an address says, and tells what it could not. */
  openLink(hash: string): Promise<void> {
    return this.inTurn(async () => {
      const { ask, view, knife, problems } = decodeLink(hash);
      this.update({ view, drafts: {}, playing: false });
      this.store.dropNotice('open');
      const wrong = await this.openWhatHolds(ask, knife ?? Infinity);
      const all = [...problems, ...wrong];
      if (all.length > 0)
        this.notify('link', 'problem', t('lab.linkProblem'), all);
      else this.store.dropNotice('link');
    });
  }

  /** Opens all of a link, or else what of it can stand; returns what cannot. */
  private async openWhatHolds(ask: Ask, knife: number): Promise<Problem[]> {
    const whole = await this.open(ask, knife);
    if (whole.length === 0) return [];

    const problems: Problem[] = [];
    let kept: Ask = { ...ask, words: [] };
    let wrong = await this.open(kept, knife);
    if (wrong.some(({ path }) => path === 'n')) {
      problems.push(...wrong);
      kept = { ...kept, n: DEFAULT_ASK.n };
      wrong = await this.open(kept, knife);
    }
    if (wrong.length > 0) {
      // There is no such process: another, with nothing that is the first's own.
      const { n, seed } = kept;
      await this.open({ ...DEFAULT_ASK, n, seed }, knife);
      return [...problems, ...wrong];
    }
    for (const word of ask.words) {
      const next = { ...kept, words: [...kept.words, word] };
      wrong = await this.open(next, knife);
      if (wrong.length === 0) kept = next;
      else problems.push(...wrong);
    }
    return problems;
  }

  /** Chooses a process, with its own defaults. */
  choose(name: string): void {
    void this.inTurn(async () => {
      this.update({ drafts: {}, playing: false });
      const { n, seed } = this.state.ask;
      const problems = await this.open({ ...DEFAULT_ASK, name, n, seed });
      if (problems.length > 0) {
        this.notify('open', 'problem', t('lab.openProblem'), problems);
        return;
      }
      this.store.dropNotice('open');
      this.writeAddress();
    });
  }

  private setText(field: FieldSchema, text: string): Promise<void> {
    const { path } = field;
    if (path === 'n' || path === 'seed' || path === 'cells') {
      const value = readCount(path, text);
      return value === null
        ? this.refuse(path, text, countProblem(path, text))
        : this.set(path, text, () => ({ [path]: value }));
    }
    if (path === 'window') {
      const window = readWindow(text);
      return window
        ? this.set(path, text, () => ({ window }))
        : this.refuse(path, text, t('lab.window', { value: text }));
    }
    const entry = readEntry(field, text);
    if ('problem' in entry) {
      const message =
        entry.problem === 'numbers'
          ? shared('field.notNumbers', { example: exampleOf(field) })
          : entry.problem === 'integer'
            ? shared('field.notInteger')
            : shared('field.notNumber');
      return this.refuse(path, text, message);
    }
    const word = wordOf(field, entry.value);
    return this.set(path, text, ({ words }) => ({
      words: [...words.filter((other) => splitWord(other)[0] !== path), word],
    }));
  }

  /** Opens what is then open with one thing changed. */
  private set(
    path: string,
    text: string,
    change: (ask: Ask) => Partial<Ask>,
  ): Promise<void> {
    return this.inTurn(async () => {
      const { ask } = this.state;
      this.settle(path, text, await this.open({ ...ask, ...change(ask) }));
    });
  }

  private refuse(path: string, text: string, message: string): Promise<void> {
    return this.inTurn(() => {
      this.draft(path, text, [{ path, message }]);
      return Promise.resolve();
    });
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

  /**
   * What is wrong with it, if anything: then all stays as it was. The knife stays
   * where it is in time, unless a time is given.
   */
  private async open(ask: Ask, knife?: number): Promise<Problem[]> {
    const opened = await this.engine.call('open', ask);
    if (isProblems(opened)) return opened.problems;
    const other = this.state.ask.name !== ask.name || !this.state.opened;
    this.wanted = knife ?? (other ? Infinity : (this.wanted ?? this.cutTime));
    const words = opened.overrides.filter(
      (word) => splitWord(word)[0] !== 'process',
    );
    this.update({
      ask: { ...ask, words },
      opened,
      busy: true,
      particlesDone: 0,
      lawDone: 0,
      // Until it has moved, the picture of the same process stays.
      ...(other ? { ...NOTHING_DRAWN, knife: 0 } : {}),
    });
    this.store.dropNotice('work');
    if (!this.pulling) void this.pull();
    return [];
  }

  /**
   * Takes what the worker has made until nothing more will come. It answers in
   * order, so that a frame is always of what is open when it comes.
   */
  private async pull(): Promise<void> {
    this.pulling = true;
    while (await this.takeFrame()) {
      await new Promise<void>((resolve) => {
        this.around.nextFrame(() => {
          resolve();
        });
      });
    }
  }

  /** Whether there is more to come. */
  private async takeFrame(): Promise<boolean> {
    const frame = await this.engine.call('frame', {});
    if (isProblems(frame)) {
      this.pulling = false;
      this.update({ busy: false });
      this.endEarly(frame.problems);
      return false;
    }
    const { particlesDone, lawDone, busy, arrived, law, problems } = frame;
    this.pulling = busy;
    this.update({ particlesDone, lawDone, busy });
    if (arrived) {
      const { started, particles } = arrived;
      const { times } = particles;
      const time = Math.min(this.wanted ?? Infinity, times.at(-1)!);
      this.wanted = null;
      this.update({
        drawn: this.state.opened,
        started,
        particles,
        law: null,
        knife: momentNear(times, time),
      });
    }
    if (law) this.update({ law });
    if (problems) this.endEarly(problems.problems);
    else if (!busy) this.sayDone();
    return busy;
  }

  private endEarly(problems: Problem[]): void {
    // What is shown would be of other fields than those beside it.
    const { drawn, opened } = this.state;
    if (drawn !== opened) this.update({ ...NOTHING_DRAWN, knife: 0 });
    this.notify('work', 'problem', t('lab.workProblem'), problems);
  }

  private sayDone(): void {
    const title = kindOf(this.state)?.title ?? this.state.ask.name;
    this.update({ said: t('lab.done', { title, n: this.state.ask.n }) });
  }

  /** Moves the knife to a moment. */
  cut(moment: number): void {
    const last = timesOf(this.state).length - 1;
    if (last < 0) return;
    const knife = Math.min(last, Math.max(0, Math.round(moment)));
    if (knife !== this.state.knife) this.update({ knife });
    // What is still to arrive is cut there too.
    if (this.wanted !== null) this.wanted = this.cutTime;
  }

  /** The time at which the picture is cut; Infinity at its end. */
  private get cutTime(): number {
    const { knife } = this.state;
    const last = timesOf(this.state).length - 1;
    return knife < last ? timeAt(this.state, knife) : Infinity;
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
    const { ask, view } = this.state;
    // While particles move, the knife is where it is asked for.
    const time = this.wanted ?? this.cutTime;
    const knife = time === Infinity ? null : time;
    return `${this.around.page}#${encodeLink({ ask, view, knife })}`;
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
