// The state of the solver laboratory as a value, and what is read off it.

import type { FieldSchema } from '../engine/core';
import type {
  ResolvedLaw,
  SolverDescription,
  SolverErrors,
} from '../engine/solvers';
import type { Need } from '../engine/support';
import { splitWord } from './words';
import { topFields, valueAt, type Values } from './schema';
import { DEFAULT_LINK, type ErrorKind, type SolversLink } from './solvers-link';
import type { Draft, Notice } from './state';

/** Times are in single precision. */
const TINY = 1e-6;

/** The way of the points, frame by frame as the sampler went. */
export interface Way {
  /** Ascending; the way goes from the last to the first. */
  times: Float32Array;
  frames: (Float32Array | undefined)[];
  done: boolean;
}

export interface Solver {
  /** Stays the same whatever is before it in the list. */
  id: number;
  /** "sampler=ode", then what differs from its defaults. */
  words: string[];
  values: Record<string, unknown>;
  drafts: Record<string, Draft>;
  way: Way | null;
}

export interface SolversState {
  phase: 'loading' | 'ready' | 'failed';
  lacks: Need | 'load' | null;
  failure: string;
  description: SolverDescription | null;
  resolved: ResolvedLaw | null;
  drafts: Record<string, Draft>;
  solvers: Solver[];
  steps: number[];
  n: number;
  seed: number;
  error: ErrorKind;
  dim: number;
  data: Float32Array;
  /** Of the solvers as they are in `measured`. */
  errors: SolverErrors | null;
  /** Names of the samplers, in the order of the errors. */
  measured: string[];
  measuring: boolean;
  /** Whether ways are being recorded. */
  recording: boolean;
  t: number;
  playing: boolean;
  flags: SolversLink['flags'];
  notices: Notice[];
  said: string;
}

export function initialSolvers(): SolversState {
  return {
    phase: 'loading',
    lacks: null,
    failure: '',
    description: null,
    resolved: null,
    drafts: {},
    solvers: [],
    steps: DEFAULT_LINK.steps,
    n: DEFAULT_LINK.n,
    seed: DEFAULT_LINK.seed,
    error: DEFAULT_LINK.error,
    dim: 2,
    data: new Float32Array(),
    errors: null,
    measured: [],
    measuring: false,
    recording: false,
    t: DEFAULT_LINK.t,
    playing: false,
    flags: DEFAULT_LINK.flags,
    notices: [],
    said: '',
  };
}

export function isOfSteps(word: string): boolean {
  return word.startsWith('sampler.steps=');
}

/** Where the points are at a time: the latest slot on the way that is known. */
export function slotAt({ times, frames }: Way, time: number): number {
  const last = times.length - 1;
  let slot = last;
  if (times[last]! - times[0]! <= TINY) {
    // A sampler that stays at a level takes the time line for its steps.
    slot = Math.max(0, Math.ceil(time * last - TINY));
  } else {
    while (slot > 0 && times[slot - 1]! >= time - TINY) --slot;
    // The way ends at t_min, a little before 0.
    if (time <= times[0]! + TINY) slot = 0;
  }
  while (slot < last && !frames[slot]) ++slot;
  return slot;
}

/** How much is done of what is under way, from 0 to 1: first ways, then errors. */
export function progressOf({
  recording,
  solvers,
  errors,
}: SolversState): number {
  if (!recording) return errors ? errors.done / errors.pieces : 0;
  const shares = solvers.map(({ way }) =>
    way ? way.frames.filter(Boolean).length / way.frames.length : 0,
  );
  return shares.reduce((sum, share) => sum + share, 0) / solvers.length;
}

/** The name that a sampler has on the page: "Probability flow, method rk4". */
export function nameOf(state: SolversState, { words, values }: Solver): string {
  const field = fieldNamed(state, 'sampler', values);
  const kind = String(valueAt(values, 'sampler.kind'));
  const title = field?.kinds?.find(({ name }) => name === kind)?.title;
  const fields = words
    .filter((word) => !isOfSteps(word) && word.startsWith('sampler.'))
    .map((word) => splitWord(word.slice('sampler.'.length)).join(' '));
  return [title ?? kind, ...fields].join(', ').replaceAll('_', ' ');
}

/** The description of a field of the experiment that has these values. */
export function fieldNamed(
  { description }: SolversState,
  name: string,
  values: Values,
): FieldSchema | undefined {
  return topFields(description?.experiment ?? [], values).find(
    (field) => field.name === name,
  );
}

/** What is added first, as far as it is not there yet. */
const MORE = ['ode', 'deis', 'edm', 'ddpm', 'dpm_solver', 'euler_maruyama'];

/** The kind of a sampler that is added to those that are there. */
export function kindToAdd(state: SolversState): string {
  const { solvers } = state;
  const there = solvers.map(({ values }) => valueAt(values, 'sampler.kind'));
  const field = fieldNamed(state, 'sampler', solvers[0]?.values ?? {});
  const known = field?.kinds?.map(({ name }) => name) ?? [];
  return (
    MORE.find((name) => known.includes(name) && !there.includes(name)) ??
    known[0]!
  );
}
