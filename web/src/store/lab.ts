// The lab: turns what a person asks for into calls of the engine, and what the
// engine answers into the next state. It draws nothing and touches no element;
// what it needs of the browser comes as `Surroundings`.

import type { FieldSchema, Problem, Problems, Resolved } from '../engine/core';
import type { Engine } from '../engine/client';
import {
  isProblems,
  type Direction,
  type Draw,
  type Frame,
} from '../engine/protocol';
import type { Need } from '../engine/support';
import { number, t, type Key } from '../strings';
import { fingerprintCommand, sampleCommand, trainCommand } from './command';
import { toCsv, toNpy } from './export';
import { History } from './history';
import {
  decodeLink,
  encodeLink,
  MAX_STEPS,
  splitWord,
  type Layer,
  type Link,
} from './link';
import {
  kindOf,
  readEntry,
  topFields,
  valueAt,
  wordOf,
  wordsBelow,
} from './schema';
import {
  gridOf,
  initialState,
  recordingOf,
  type LabState,
  type Notice,
  type PointsFile,
  type Recording,
} from './state';

export interface Surroundings {
  /** Where relative URLs start from. */
  base: string;
  /** The address without its hash. */
  page: string;
  hash(): string;
  setHash(hash: string): void;
  reducedMotion: boolean;
  nextFrame(callback: (now: number) => void): void;
  copy(text: string): Promise<boolean>;
  save(name: string, content: string | Uint8Array): void;
}

/** Where training stops unless told otherwise: some seconds, a clear shape. */
export const FIRST_STEPS = 2000;
/** Points on screen; the live samples are the same particles again and again. */
export const DATA_COUNT = 1000;
export const SAMPLE_COUNT = 600;
/** Live samples take at most this many sampler steps. */
const LIVE_STEPS = 16;
const THUMBNAIL_COUNT = 160;
/** One way through a recording takes this long, with a rest before a loop. */
const PLAY_MS = 4500;
const REST_MS = 900;
const MAX_FILE_BYTES = 64 * 2 ** 20;
/** As core's kMaxPackedPoints: beyond it a link names the file. */
export const MAX_LINK_POINTS = 2000;

const NOTHING = new Uint8Array();

export class Lab {
  state: LabState = initialState();
  private readonly listeners = new Set<() => void>();
  private changes: Promise<unknown> = Promise.resolve();
  private pumping = false;
  /** Asked to pull again while a pull was under way. */
  private wanting = false;
  private animating = false;
  /** Whether training should go on after a change of the experiment. */
  private eager = false;
  /** A link that waits for the file it names. */
  private wanted: Link | null = null;
  private ownHash: string | null = null;
  /** The address holds a link not wholly understood, which is kept for now. */
  private keepAddress = false;

  constructor(
    private readonly engine: Engine,
    private readonly around: Surroundings,
  ) {}

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // ------------------------------------------------------------- opening

  async start(lacks: Need | null): Promise<void> {
    this.update({ calm: this.around.reducedMotion });
    if (lacks) {
      this.update({ phase: 'failed', lacks });
      return;
    }
    const description = await this.engine.call('start', {
      base: this.around.base,
    });
    if (isProblems(description)) {
      this.update({
        phase: 'failed',
        lacks: 'load',
        failure: textOf(description),
      });
      return;
    }
    this.eager = !this.state.calm;
    this.update({ description });
    await this.openLink(this.around.hash());
    await this.drawThumbnails();
  }

  /** Shows what a link says, as far as it can be read. */
  openLink(hash: string): Promise<void> {
    if (hash === this.ownHash) return Promise.resolve();
    return this.change(async () => {
      const link = decodeLink(hash);
      const problems = [...link.problems];
      let points: PointsFile | null = null;
      if (link.points) {
        points = await this.unpack(link);
        if (!points) {
          problems.push({ path: 'points', message: t('link.points') });
        }
      }
      const ownPoints = link.words.includes('data=points');
      this.wanted = ownPoints && !points ? link : null;
      const words = this.wanted ? link.words.filter(notOfData) : link.words;
      const found = await this.resolveWhatHolds(words, points?.block);
      problems.push(...found.problems);
      this.update({
        phase: 'ready',
        view: link.view,
        until: link.steps ?? FIRST_STEPS,
        notices: [],
        drafts: {},
        points: points ?? this.state.points,
      });
      this.keepAddress = problems.length > 0 || this.wanted !== null;
      await this.adopt(found.resolved);
      if (problems.length > 0) {
        this.notify('link', 'problem', t('notice.link'), problems);
      }
      if (this.wanted) {
        const file = this.wantedWord('data.file') ?? t('points.file');
        this.notify('file', 'info', t('notice.needsFile', { file }));
      }
    });
  }

  private async unpack(link: Link): Promise<PointsFile | null> {
    const block = link.points ?? NOTHING;
    const points = await this.engine.call('unpack', { block });
    if (isProblems(points)) return null;
    const word = (key: string) =>
      link.words.map(splitWord).find(([other]) => other === key)?.[1];
    return {
      ...points,
      block,
      name: unquote(word('data.file') ?? 'points.csv'),
      digest: word('data.digest') ?? '',
    };
  }

  /** Resolves all words, or else each that can stand with those before it. */
  private async resolveWhatHolds(
    words: string[],
    block: Uint8Array = NOTHING,
  ): Promise<{ resolved: Resolved; problems: Problem[] }> {
    const resolve = (some: string[]) =>
      this.engine.call('resolve', {
        experiment: '',
        words: some,
        points: some.includes('data=points') ? block : NOTHING,
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

  private wantedWord(key: string): string | undefined {
    const word = this.wanted?.words
      .map(splitWord)
      .find(([other]) => other === key)?.[1];
    return word === undefined ? undefined : unquote(word);
  }

  private async drawThumbnails(): Promise<void> {
    const data = this.field('data');
    for (const { name } of data?.kinds ?? []) {
      if (name === 'points') continue;
      const drawn = await this.engine.call('preview', {
        words: [`data=${name}`],
        count: THUMBNAIL_COUNT,
        seed: 0,
      });
      if (isProblems(drawn)) continue;
      this.update({
        thumbnails: { ...this.state.thumbnails, [name]: drawn },
      });
    }
  }

  // ---------------------------------------------------------- experiment

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
    return this.change(async () => {
      const current = this.state.resolved;
      if (!current) return;
      const resolved = await this.engine.call('resolve', {
        experiment: current.experiment,
        words: [wordOf(field, entry.value)],
        points: this.blockFor(
          field.path === 'data' ? entry.value : this.dataKind(current),
        ),
      });
      if (isProblems(resolved)) {
        this.draft(field, text, resolved.problems);
        return;
      }
      const drafts = { ...this.state.drafts };
      delete drafts[field.path];
      this.update({ drafts });
      this.keepAddress = false;
      await this.adopt(resolved);
    });
  }

  private draft(field: FieldSchema, text: string, problems: Problem[]): void {
    const draft = { text, problems };
    this.update({ drafts: { ...this.state.drafts, [field.path]: draft } });
    this.say(problems.map(({ message }) => message).join(' '));
  }

  chooseData(kind: string): Promise<void> {
    const { points } = this.state;
    if (kind === 'points') {
      return points ? this.usePoints(points) : Promise.resolve();
    }
    this.eager ||= !this.state.calm;
    const field = this.field('data');
    return field ? this.setText(field, kind) : Promise.resolve();
  }

  async loadFile(file: File): Promise<void> {
    this.dropNotice('csv');
    if (file.size > MAX_FILE_BYTES) {
      const message = t('points.tooLarge', { size: MAX_FILE_BYTES / 2 ** 20 });
      this.notify('csv', 'problem', t('notice.csv', { file: file.name }), [
        { path: file.name, message },
      ]);
      return;
    }
    const name = file.name;
    const parsed = await this.engine.call('parse', {
      text: await file.text(),
      name,
    });
    const points = isProblems(parsed)
      ? parsed
      : await this.engine.call('unpack', { block: parsed.block.slice() });
    if (isProblems(parsed) || isProblems(points)) {
      const { problems } = (isProblems(parsed) ? parsed : points) as Problems;
      this.notify('csv', 'problem', t('notice.csv', { file: name }), problems);
      return;
    }
    this.eager ||= !this.state.calm;
    await this.usePoints({ ...parsed, values: points.values, name });
  }

  private usePoints(points: PointsFile): Promise<void> {
    return this.change(async () => {
      const link = this.wanted;
      const digest = this.wantedWord('data.digest') ?? points.digest;
      const meant = link && digest === points.digest;
      const resolved = await this.engine.call('resolve', {
        experiment: '',
        words: meant ? link.words : this.pointsWords(points),
        points: points.block,
      });
      if (isProblems(resolved)) {
        const title = t('notice.csv', { file: points.name });
        this.notify('csv', 'problem', title, resolved.problems);
        return;
      }
      if (link && !meant) {
        this.notify('file', 'info', t('notice.otherFile'));
      } else {
        this.dropNotice('file');
      }
      this.wanted = null;
      this.update({ points });
      this.keepAddress = false;
      await this.adopt(resolved);
    });
  }

  private pointsWords(points: PointsFile): string[] {
    const kind = this.field('data')?.kinds?.find(
      ({ name }) => name === 'points',
    );
    const file = kind?.fields.find(({ name }) => name === 'file');
    return [
      ...(this.state.resolved?.overrides ?? []).filter(notOfData),
      'data=points',
      ...(file ? [wordOf(file, points.name)] : []),
    ];
  }

  /** The block that goes with a kind of data: only points have one. */
  private blockFor(kind: unknown): Uint8Array {
    return kind === 'points' ? (this.state.points?.block ?? NOTHING) : NOTHING;
  }

  private dataKind(resolved: Resolved): string {
    const field = this.field('data');
    return field ? kindOf(field, resolved.values) : '';
  }

  /**
   * Makes the experiment the page's own. Another sampler changes how particles
   * travel and nothing of the training, so that alone leaves training be.
   */
  private async adopt(resolved: Resolved): Promise<void> {
    const before = this.state.resolved;
    const same =
      before !== null && trainedPart(before) === trainedPart(resolved);
    if (same) {
      this.update({ resolved, recordings: {}, mode: 'live', playing: false });
      await this.showLive();
    } else {
      const restarted = this.state.step > 0;
      if (!(await this.open(resolved))) return;
      if (restarted) {
        this.notify('restarted', 'info', t('notice.restarted'));
      }
      if (this.eager) this.train();
    }
    this.writeHash();
  }

  private async open(resolved: Resolved): Promise<boolean> {
    const opened = await this.engine.call('open', {
      experiment: resolved.experiment,
      points: this.blockFor(this.dataKind(resolved)),
      count: DATA_COUNT,
      seed: seedOf(resolved),
    });
    if (isProblems(opened)) {
      this.notify('open', 'problem', t('notice.open'), opened.problems);
      return false;
    }
    this.dropNotice('open');
    this.update({
      resolved,
      dim: opened.dim,
      parameters: opened.parameters,
      data: opened.data,
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
    await this.showLive();
    return true;
  }

  /** Records the way to noise, which gives the time line its grid. */
  private async showLive(): Promise<void> {
    await this.record('noise');
    await this.followLive();
    this.pump();
  }

  private async followLive(): Promise<void> {
    const draw = this.draw();
    const field = this.field('sampler');
    const steps = field?.path + '.steps';
    const words = draw.words.map((word) => {
      const [key, value] = splitWord(word);
      return key === steps
        ? `${key}=${Math.min(LIVE_STEPS, Number(value))}`
        : word;
    });
    await this.engine.call('live', { draw: { ...draw, words } });
  }

  private draw(): Draw {
    const { resolved } = this.state;
    const field = this.field('sampler');
    return {
      count: SAMPLE_COUNT,
      seed: resolved ? seedOf(resolved) : 0,
      words: field && resolved ? wordsBelow(field, resolved.values) : [],
    };
  }

  private field(path: string): FieldSchema | undefined {
    const { description, resolved } = this.state;
    return topFields(
      description?.experiment ?? [],
      resolved?.values ?? {},
    ).find((field) => field.path === path);
  }

  // ------------------------------------------------------------ training

  train(): void {
    const { step, until, diverged } = this.state;
    if (diverged) return;
    this.eager = true;
    const target = until > step ? until : step + FIRST_STEPS;
    void this.trainUntil(target);
  }

  private async trainUntil(until: number): Promise<void> {
    this.update({ until });
    if (this.state.mode === 'replay') await this.goLive();
    await this.engine.call('train', { until });
    // Only now: a frame pulled before may still tell of the time before.
    this.update({ running: true });
    this.pump();
  }

  async pause(): Promise<void> {
    this.eager = false;
    await this.engine.call('pause', {});
    this.pump();
  }

  stepOnce(): void {
    const { until, step } = this.state;
    this.eager = false;
    void this.change(async () => {
      await this.trainUntil(step + 1);
      this.update({ until: Math.max(until, step + 1) });
    });
  }

  /** Back to step 0 of the same run. */
  reset(): Promise<void> {
    this.eager = false;
    return this.change(async () => {
      if (this.state.resolved) await this.open(this.state.resolved);
      this.dropNotice('restarted');
      this.dropNotice('diverged');
      this.writeHash();
    });
  }

  setUntil(text: string): void {
    const until = Number(text);
    if (!Number.isInteger(until) || until < 1 || until > MAX_STEPS) {
      this.say(t('until.problem', { max: MAX_STEPS }));
      return;
    }
    this.update({ until });
    this.keepAddress = false;
    if (this.state.running) void this.trainUntil(until);
    this.writeHash();
  }

  /** A hidden page rests. */
  hold(held: boolean): void {
    void this.engine.call('hold', { held });
    if (!held) this.pump();
  }

  /** Pulls frames for as long as they bring something. */
  private pump(): void {
    this.wanting = true;
    if (this.pumping) return;
    this.pumping = true;
    const pull = async (): Promise<void> => {
      this.wanting = false;
      const frame = await this.engine.call('frame', {});
      if (isProblems(frame)) {
        this.pumping = false;
        this.notify('engine', 'problem', t('notice.engine'), frame.problems);
        return;
      }
      this.absorb(frame);
      this.pumping = frame.busy || this.wanting;
      if (this.pumping) this.around.nextFrame(() => void pull());
    };
    void pull();
  }

  private absorb(frame: Frame): void {
    const stopped = this.state.running && !frame.running;
    this.state.history.add(frame.losses);
    this.update({
      step: frame.step,
      running: frame.running,
      diverged: frame.diverged,
      speed: frame.speed > 0 ? frame.speed : this.state.speed,
      loss: frame.progress?.loss ?? this.state.loss,
      live: frame.samples ?? this.state.live,
    });
    if (frame.recording) this.extend(frame.recording);
    if (frame.problems) {
      const { problems } = frame.problems;
      this.notify('engine', 'problem', t('notice.engine'), problems);
    }
    if (stopped) void this.stopped(frame);
  }

  private async stopped(frame: Frame): Promise<void> {
    this.dropNotice('restarted');
    this.writeHash();
    if (frame.diverged) {
      this.notify('diverged', 'problem', t('notice.diverged'), [
        {
          path: `${t('stat.step')} ${number(frame.step)}`,
          message: t('notice.divergedRepair'),
        },
      ]);
    }
    await this.refreshFingerprint();
    const { until, step, mode, calm, running } = this.state;
    if (this.eager && !calm && !running && step === until && mode === 'live') {
      this.setView({ direction: 'denoise' });
      await this.play();
    }
  }

  private async refreshFingerprint(): Promise<void> {
    const found = await this.engine.call('fingerprint', {});
    if (isProblems(found)) return;
    const { step, fingerprint } = found;
    this.update({ fingerprint: { step, value: fingerprint } });
  }

  // ----------------------------------------------------------- time line

  private async record(direction: Direction): Promise<void> {
    const started = await this.engine.call('record', {
      direction,
      draw: this.draw(),
    });
    if (isProblems(started)) {
      this.notify('engine', 'problem', t('notice.engine'), started.problems);
      return;
    }
    const recording: Recording = {
      ...started,
      direction,
      frames: started.grid.map(() => undefined),
      done: false,
    };
    const recordings = { ...this.state.recordings, [direction]: recording };
    this.update({ recordings });
    this.pump();
  }

  private extend(chunk: NonNullable<Frame['recording']>): void {
    const recording = Object.values(this.state.recordings).find(
      ({ id }) => id === chunk.id,
    );
    if (!recording) return;
    chunk.slots.forEach((slot, i) => {
      recording.frames[slot] = chunk.frames[i];
    });
    recording.done ||= chunk.done;
    const { direction } = recording;
    this.update({
      recordings: { ...this.state.recordings, [direction]: { ...recording } },
    });
    // Before any training the samples are the noise that they start from.
    const noise = direction === 'noise' ? recording.frames.at(-1) : undefined;
    if (noise && this.state.step === 0 && !this.state.live) {
      this.update({ live: { step: 0, values: noise } });
    }
  }

  /** Makes sure that there is a recording of the weights as they are now. */
  private async recorded(): Promise<Recording | null> {
    const { direction } = this.state.view;
    const found = recordingOf(this.state);
    const fresh =
      found && (direction === 'noise' || found.step === this.state.step);
    if (!fresh) await this.record(direction);
    return recordingOf(this.state);
  }

  async play(): Promise<void> {
    const { mode, position, view } = this.state;
    const recording = await this.recorded();
    if (!recording) return;
    const [first, last] = endsOf(recording);
    const over = Math.abs(position - last) < 1e-6;
    await this.enterReplay();
    this.update({
      playing: true,
      position: mode === 'live' || over ? first : position,
    });
    this.say(t(view.direction === 'denoise' ? 'say.denoise' : 'say.noise'));
    this.animate();
  }

  stopPlaying(): void {
    this.update({ playing: false, position: Math.round(this.state.position) });
  }

  async seek(slot: number): Promise<void> {
    this.update({ playing: false });
    const recording = await this.recorded();
    if (!recording) return;
    await this.enterReplay();
    const last = recording.grid.length - 1;
    this.update({ position: Math.min(last, Math.max(0, slot)) });
  }

  /** One grid point along the direction of travel, or against it. */
  nudge(slots: number): Promise<void> {
    const { mode, position, view } = this.state;
    const last = gridOf(this.state).length - 1;
    const start = view.direction === 'denoise' ? last : 0;
    return this.seek((mode === 'live' ? start : Math.round(position)) + slots);
  }

  private async enterReplay(): Promise<void> {
    if (this.state.mode === 'replay') return;
    this.update({ mode: 'replay' });
    await this.engine.call('live', { draw: null });
  }

  async goLive(): Promise<void> {
    this.update({ mode: 'live', playing: false });
    await this.followLive();
    this.pump();
  }

  async setDirection(direction: Direction): Promise<void> {
    const { playing, mode } = this.state;
    this.setView({ direction });
    this.writeHash();
    if (playing || mode === 'live') await this.play();
    else await this.seek(this.state.position);
  }

  toggleLoop(): void {
    this.update({ loop: !this.state.loop });
  }

  toggleLayer(layer: Layer): void {
    const { layers } = this.state.view;
    this.setView({
      layers: layers.includes(layer)
        ? layers.filter((other) => other !== layer)
        : [...layers, layer],
    });
    this.writeHash();
  }

  private animate(): void {
    if (this.animating) return;
    this.animating = true;
    let before: number | null = null;
    let rest = 0;
    const tick = (now: number): void => {
      const { playing, loop, position } = this.state;
      const recording = recordingOf(this.state);
      if (!playing || !recording) {
        this.animating = false;
        return;
      }
      // A frame that comes late (a hidden page) moves no further than a slow one.
      const passed = before === null ? 0 : Math.min(100, now - before);
      before = now;
      const [first, last] = endsOf(recording);
      const forward = Math.sign(last - first);
      if (rest > 0) {
        rest -= passed;
        if (rest <= 0) this.update({ position: first });
      } else {
        const stride = ((recording.grid.length - 1) * passed) / PLAY_MS;
        let next = position + forward * stride;
        if (forward * (next - last) >= 0) next = last;
        const ahead = forward > 0 ? Math.ceil(next) : Math.floor(next);
        if (recording.frames[ahead]) this.update({ position: next });
        if (next === last && recording.frames[last]) {
          if (loop) rest = REST_MS;
          else this.update({ playing: false });
        }
      }
      this.around.nextFrame(tick);
    };
    this.around.nextFrame(tick);
  }

  private setView(view: Partial<LabState['view']>): void {
    this.update({ view: { ...this.state.view, ...view } });
  }

  // ------------------------------------------------------------- sharing

  /** The steps that lead to what is seen. */
  get shownSteps(): number {
    const { running, step, until } = this.state;
    return running || step === 0 ? until : step;
  }

  private get link(): string {
    const { resolved, view, points } = this.state;
    const own = resolved && this.dataKind(resolved) === 'points' && points;
    return encodeLink({
      words: this.words,
      steps: this.shownSteps,
      view,
      points: own && own.count <= MAX_LINK_POINTS ? own.block : null,
    });
  }

  /** The experiment in words: data first, and named even if it is usual. */
  private get words(): string[] {
    const { resolved } = this.state;
    if (!resolved) return [];
    const { overrides } = resolved;
    const data = overrides.filter((word) => !notOfData(word));
    if (!data.some((word) => word.startsWith('data='))) {
      data.unshift(`data=${this.dataKind(resolved)}`);
    }
    return [...data, ...overrides.filter(notOfData)];
  }

  get linkUrl(): string {
    return `${this.around.page}#${this.link}`;
  }

  /** The file that the link's reader needs, if it cannot hold the points. */
  get linkNeeds(): string | null {
    const { resolved, points } = this.state;
    const own = resolved && this.dataKind(resolved) === 'points' && points;
    return own && own.count > MAX_LINK_POINTS ? own.name : null;
  }

  private writeHash(): void {
    if (this.keepAddress) return;
    this.ownHash = `#${this.link}`;
    this.around.setHash(this.ownHash);
  }

  /** What reproduces the run, a command a line. */
  get commands(): string[] {
    const { resolved, points } = this.state;
    if (!resolved) return [];
    const own = this.dataKind(resolved) === 'points';
    const run = {
      words: this.words,
      seed: seedOf(resolved),
      steps: this.shownSteps,
      file: own ? (points?.name ?? null) : null,
    };
    return [
      trainCommand(run),
      fingerprintCommand(run),
      sampleCommand(run, SAMPLE_COUNT),
    ];
  }

  async copy(text: string, what: Key): Promise<void> {
    const done = await this.around.copy(text);
    this.say(t(done ? 'say.copied' : 'say.notCopied', { what: t(what) }));
  }

  async saveSamples(format: 'csv' | 'npy'): Promise<void> {
    const direction = this.state.view.direction;
    this.setView({ direction: 'denoise' });
    const recording = await this.recorded();
    this.setView({ direction });
    if (!recording) return;
    const values = await this.endOf(recording.id);
    if (!values) return;
    const { dim, step } = this.state;
    this.around.save(
      `samples-step-${recording.step || step}.${format}`,
      format === 'csv' ? toCsv(values, dim) : toNpy(values, dim),
    );
  }

  /** The last frame of a denoising recording, once it is there. */
  private endOf(id: number): Promise<Float32Array | null> {
    return new Promise((resolve) => {
      const look = (): boolean => {
        const recording = this.state.recordings.denoise;
        if (recording?.id === id && !recording.done) return false;
        resolve(recording?.id === id ? (recording.frames[0] ?? null) : null);
        return true;
      };
      if (look()) return;
      const stop = this.subscribe(() => {
        if (look()) stop();
      });
    });
  }

  savePoints(): void {
    const { points } = this.state;
    if (!points) return;
    const name = points.name.replace(/(\.[^.]*)?$/, '.csv');
    this.around.save(name, toCsv(points.values, points.dim));
  }

  async saveCheckpoint(): Promise<void> {
    const checkpoint = await this.engine.call('checkpoint', {});
    if (isProblems(checkpoint)) {
      const { problems } = checkpoint;
      this.notify('engine', 'problem', t('notice.engine'), problems);
      return;
    }
    this.around.save('model.safetensors', checkpoint.bytes);
  }

  toggleShortcuts(): void {
    this.update({ shortcuts: !this.state.shortcuts });
  }

  // ------------------------------------------------------------- notices

  notify(
    id: string,
    tone: Notice['tone'],
    title: string,
    problems: Problem[] = [],
  ): void {
    const others = this.state.notices.filter((notice) => notice.id !== id);
    this.update({ notices: [...others, { id, tone, title, problems }] });
  }

  dropNotice(id: string): void {
    const notices = this.state.notices.filter((notice) => notice.id !== id);
    if (notices.length < this.state.notices.length) this.update({ notices });
  }

  private say(said: string): void {
    this.update({ said });
  }

  // --------------------------------------------------------------- plumbing

  private update(patch: Partial<LabState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.listeners) listener();
  }

  /** Changes of the experiment happen one after the other. */
  private change(task: () => Promise<void>): Promise<void> {
    const run = this.changes.then(task);
    this.changes = run.catch(() => undefined);
    return run;
  }
}

/** First and last slot of a recording in its direction of travel. */
export function endsOf(recording: Recording): [number, number] {
  const end = recording.grid.length - 1;
  return recording.direction === 'denoise' ? [end, 0] : [0, end];
}

function seedOf(resolved: Resolved): number {
  const seed = valueAt(resolved.values, 'seed');
  return typeof seed === 'number' ? seed : 0;
}

/** What a field of nested numbers looks like: "[[1, 2], [3, 4]]". */
function exampleOf(field: FieldSchema): string {
  const nest = (rank: number): string =>
    rank <= 1 ? '[1, 2]' : `[${nest(rank - 1)}, ${nest(rank - 1)}]`;
  return nest(field.rank ?? 1);
}

function notOfData(word: string): boolean {
  return !/^data[.=]/.test(word);
}

function trainedPart(resolved: Resolved): string {
  return JSON.stringify({ ...resolved.values, sampler: null });
}

function textOf({ problems }: Problems): string {
  return problems
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
    .join(' ');
}

function unquote(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}
