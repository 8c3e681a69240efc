// The process laboratory as a value, and what can be read from it. Numbers are
// the engine's; here is only where they stand.

import type { FieldSchema } from '../engine/core';
import type {
  LawKept,
  OpenedProcess,
  ParticlesKept,
  ProcessDescription,
  StartedLaw,
} from '../engine/processes';
import type { Need } from '../engine/support';
import { fieldsOf } from '../store/schema';
import type { Draft, Notice } from '../store/state';
import { DEFAULT_ASK, DEFAULT_VIEW, type Ask, type View } from './link';

export interface ProcessState {
  phase: 'loading' | 'ready' | 'failed';
  /** What this browser lacks, or what went wrong. */
  lacks: Need | null;
  failure: string;
  description: ProcessDescription | null;
  /** What is asked for, as the link says it. */
  ask: Ask;
  view: View;
  opened: OpenedProcess | null;
  /** What the particles shown were opened as, until those of `opened` arrive. */
  drawn: OpenedProcess | null;
  started: StartedLaw | null;
  particles: ParticlesKept | null;
  law: LawKept | null;
  /** How far particles and law are, from 0 to 1. */
  particlesDone: number;
  lawDone: number;
  busy: boolean;
  /** The moment that the knife cuts at; an index into the times. */
  knife: number;
  playing: boolean;
  /** What was typed into fields and cannot be taken. */
  drafts: Record<string, Draft>;
  notices: Notice[];
  /** What the live region says. */
  said: string;
}

/** A picture of nothing. */
export const NOTHING_DRAWN = {
  drawn: null,
  started: null,
  particles: null,
  law: null,
} satisfies Partial<ProcessState>;

export function initialState(): ProcessState {
  return {
    phase: 'loading',
    lacks: null,
    failure: '',
    description: null,
    ask: DEFAULT_ASK,
    view: DEFAULT_VIEW,
    opened: null,
    ...NOTHING_DRAWN,
    particlesDone: 0,
    lawDone: 0,
    busy: false,
    knife: 0,
    playing: false,
    drafts: {},
    notices: [],
    said: '',
  };
}

/** The field that chooses a process. */
function choiceOf(state: ProcessState): FieldSchema | null {
  return state.description?.fields[0] ?? null;
}

export function kindOf({ description, ask }: ProcessState) {
  return description?.fields[0]?.kinds?.find(({ name }) => name === ask.name);
}

/** The fields of the process that is open. */
export function processFields(state: ProcessState): FieldSchema[] {
  const choice = choiceOf(state);
  return choice && state.opened ? fieldsOf(choice, state.opened.values) : [];
}

/** Mean and standard deviation along an axis at the knife. */
export interface Spread {
  mean: number;
  std: number;
}

function spreadAt(
  moments: Float64Array | undefined,
  moment: number,
  axes: number,
  axis: number,
): Spread | null {
  const at = 2 * (moment * axes + axis);
  const mean = moments?.[at];
  const variance = moments?.[at + 1];
  if (mean === undefined || variance === undefined || Number.isNaN(mean)) {
    return null;
  }
  return { mean, std: Math.sqrt(variance) };
}

/** What particles, law and closed form say of an axis at a moment. */
export function spreadsAt(state: ProcessState, moment: number, axis: number) {
  const { drawn, particles, law, started } = state;
  const axes = drawn?.axes.length ?? 1;
  // A law that is the closed form would only say the same once more.
  const moved = started?.way !== 'closed_form';
  return {
    particles: spreadAt(particles?.moments, moment, axes, axis),
    law: moved ? spreadAt(law?.moments, moment, axes, axis) : null,
    exact: spreadAt(particles?.exact, moment, axes, axis),
  };
}

/** Part `index` of equal parts of an array; null if it is not there or not known. */
export function rowOf(
  values: Float32Array | undefined,
  index: number,
  count: number,
): Float32Array | null {
  if (!values || values.length === 0) return null;
  const size = values.length / count;
  const row = values.subarray(index * size, (index + 1) * size);
  return row.length === 0 || Number.isNaN(row[0]) ? null : row;
}

export function timesOf({ particles }: ProcessState): Float64Array {
  return particles?.times ?? new Float64Array();
}

export function timeAt(state: ProcessState, moment: number): number {
  return timesOf(state)[moment] ?? 0;
}

/** The moment that is nearest to a time. */
export function momentNear(times: Float64Array, time: number): number {
  let nearest = 0;
  times.forEach((t, i) => {
    if (Math.abs(t - time) < Math.abs(times[nearest]! - time)) nearest = i;
  });
  return nearest;
}
