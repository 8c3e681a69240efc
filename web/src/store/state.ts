// The page as a value. Components show it, the lab (lab.ts) replaces it; only
// the loss history, which grows all the time, is changed in place. Below it,
// what can be read from it without asking the engine.

import type {
  Description,
  FieldSchema,
  GridPoint,
  Probed,
  Problem,
  Problems,
  Resolved,
} from '../engine/core';
import type { Direction, FieldFrame } from '../engine/protocol';
import type { Need } from '../engine/support';
import { DEFAULT_FLAGS, type Flags, type Form } from './flags';
import { DEFAULT_VIEW, type View } from './link';
import { History } from './history';
import { kindOf, topFields, valueAt } from './schema';

export interface PointsFile {
  name: string;
  block: Uint8Array;
  values: Float32Array;
  /** A class for each point, 0 to 255, or empty. */
  labels: Uint8Array;
  count: number;
  dim: number;
  digest: string;
  /** Whether they were read from a file, which the command line then has. */
  onDisk: boolean;
}

/** The recordings that there may be: either way, and the truth's to the data. */
export type Recorded = Direction | 'truth';

export interface Recording {
  id: number;
  kind: Recorded;
  direction: Direction;
  /** The training step of its weights; noising depends on none. */
  step: number;
  grid: GridPoint[];
  /** By slot of the grid; undefined until recorded. */
  frames: (Float32Array | undefined)[];
  done: boolean;
}

/** Points on screen, [n, dim] in data units. */
export interface Cloud {
  values: Float32Array;
  step: number;
}

/** A point that a person asks about, and the answer once it is there. */
export interface Probe {
  /** Its place in the picture, data units. */
  x: number[];
  found: (Probed & { x: number[]; t: number }) | null;
}

export interface Notice {
  id: string;
  tone: 'info' | 'problem';
  title: string;
  problems: Problem[];
}

export interface Draft {
  text: string;
  problems: Problem[];
}

export interface LabState {
  phase: 'loading' | 'ready' | 'failed';
  /** Why nothing can run here. */
  lacks: Need | 'load' | null;
  failure: string;
  description: Description | null;
  resolved: Resolved | null;
  points: PointsFile | null;
  /** The file that is being read. */
  reading: string | null;
  /** Thumbnails by name of the data set. */
  thumbnails: Record<string, { values: Float32Array; dim: number }>;
  /** Entries that are not (yet) values of the experiment, by path. */
  drafts: Record<string, Draft>;
  notices: Notice[];

  dim: number;
  /** Whether there is anything to train. */
  trainable: boolean;
  parameters: number;
  data: Float32Array;
  /** Of the data: a label a point, or none at all. */
  labels: Uint8Array;
  live: Cloud | null;
  field: FieldFrame | null;
  probe: Probe | null;

  step: number;
  until: number;
  running: boolean;
  diverged: boolean;
  speed: number;
  loss: number;
  history: History;
  fingerprint: { step: number; value: string } | null;

  view: View;
  flags: Flags;
  form: Form;
  /** Whether the plot follows training or shows a recording. */
  mode: 'live' | 'replay';
  recordings: Partial<Record<Recorded, Recording>>;
  playing: boolean;
  loop: boolean;
  /** Slot in the recording's grid; fractional while playing. */
  position: number;

  /** prefers-reduced-motion: nothing moves unless asked to. */
  calm: boolean;
  /** Whether single keys act (WCAG 2.1.4: they can be turned off). */
  shortcuts: boolean;
  /** The newest message for the polite live region. */
  said: string;
}

export function initialState(): LabState {
  return {
    phase: 'loading',
    lacks: null,
    failure: '',
    description: null,
    resolved: null,
    points: null,
    reading: null,
    thumbnails: {},
    drafts: {},
    notices: [],
    dim: 2,
    trainable: true,
    parameters: 0,
    data: new Float32Array(),
    labels: new Uint8Array(),
    live: null,
    field: null,
    probe: null,
    step: 0,
    until: 0,
    running: false,
    diverged: false,
    speed: 0,
    loss: NaN,
    history: new History(),
    fingerprint: null,
    view: structuredClone(DEFAULT_VIEW),
    flags: structuredClone(DEFAULT_FLAGS),
    form: 'page',
    mode: 'live',
    recordings: {},
    playing: false,
    loop: false,
    position: 0,
    calm: false,
    shortcuts: true,
    said: '',
  };
}

/** The recording that the time line shows, if there is one. */
export function recordingOf(state: LabState): Recording | null {
  return state.recordings[state.view.direction] ?? null;
}

const NO_GRID: GridPoint[] = [];

/**
 * The grid of any recording: the time line's axis. The same array as long as
 * it is the same grid.
 */
export function gridOf(state: LabState): GridPoint[] {
  const { denoise, noise } = state.recordings;
  return (recordingOf(state) ?? denoise ?? noise)?.grid ?? NO_GRID;
}

/** Times that look the same: half a step of the slider that chooses one. */
const NEAR = 0.005;

/** The time of arrows, heat and probe: the time line's, or beside live samples
 * the one chosen for them. Null while the path is unknown. */
export function fieldTimeOf(state: LabState): number | null {
  const grid = gridOf(state);
  const [first, last] = [grid[0], grid.at(-1)];
  if (!first || !last) return null;
  const { mode, position, view } = state;
  if (mode === 'live') {
    // A grid point that is as good: from there a step is a whole step.
    const near = grid.find(({ t }) => Math.abs(t - view.t) <= NEAR);
    return near?.t ?? Math.min(last.t, Math.max(first.t, view.t));
  }
  const below = grid[Math.floor(position)] ?? last;
  const above = grid[Math.ceil(position)] ?? last;
  return below.t + (position % 1) * (above.t - below.t);
}

/** A field of the experiment as it is described now. */
export function fieldIn(
  { description, resolved }: LabState,
  path: string,
): FieldSchema | undefined {
  return topFields(description?.experiment ?? [], resolved?.values ?? {}).find(
    (field) => field.path === path,
  );
}

export function dataKindOf(state: LabState, { values }: Resolved): string {
  const field = fieldIn(state, 'data');
  return field ? kindOf(field, values) : '';
}

/** What the data are called on screen. */
export function dataTitleOf(state: LabState): string {
  const field = fieldIn(state, 'data');
  if (!field) return '';
  const kind = kindOf(field, state.resolved?.values ?? {});
  return field.kinds?.find(({ name }) => name === kind)?.title ?? kind;
}

export function seedOf({ values }: Resolved): number {
  const seed = valueAt(values, 'seed');
  return typeof seed === 'number' ? seed : 0;
}

/** At most so many of a person's points, evenly over their file. */
export function someOf(
  { values, labels, count, dim }: PointsFile,
  most: number,
): { values: Float32Array; labels: Uint8Array } {
  if (count <= most) return { values, labels };
  const at = (i: number): number => Math.floor((i * count) / most);
  return {
    values: Float32Array.from(
      { length: most * dim },
      (_, i) => values[at(Math.floor(i / dim)) * dim + (i % dim)]!,
    ),
    labels: Uint8Array.from(
      { length: labels.length > 0 ? most : 0 },
      (_, i) => labels[at(i)]!,
    ),
  };
}

/** The block of an experiment whose data are no points. */
export const NO_POINTS = new Uint8Array();

/** Problems in one line. */
export function textOf({ problems }: Problems): string {
  return problems
    .map(({ path, message }) => (path ? `${path}: ${message}` : message))
    .join(' ');
}
