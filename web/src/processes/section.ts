// The cross-section of a process at the knife: how often particles are at a
// place, beside the densities that are known of them. Pure, as draw.ts.

import type { Theme } from '../scenes/scene';
import { clip, line, xOf, yOf, type Context, type Frame } from './draw';

export interface Section {
  /** Of particles on bins, of the law and the closed forms on cells. */
  particles: Float32Array | null;
  law: Float32Array | null;
  closed: Float32Array | null;
  stationary: Float32Array | null;
  states: boolean;
}

/** The greatest value of a section. */
export function topOf(section: Section): number {
  const { particles, law, closed, stationary } = section;
  let most = 0;
  for (const values of [particles, law, closed, stationary]) {
    values?.forEach((value) => {
      most = Math.max(most, value);
    });
  }
  return most;
}

/** A cross-section: space upwards as in the picture beside it, density to the right. */
export function drawSection(
  context: Context,
  frame: Frame,
  { particles, law, closed, stationary, states }: Section,
  theme: Theme,
): void {
  clip(context, frame);
  if (particles) bars(context, frame, particles, states, theme);
  if (stationary) {
    curve(context, frame, stationary, states, theme.muted, 1.5, [2, 3]);
  }
  if (law) curve(context, frame, law, states, theme.data, 2.5, []);
  if (closed) curve(context, frame, closed, states, theme.truth, 1.75, [7, 4]);
  context.restore();
}

function bars(
  context: Context,
  frame: Frame,
  values: Float32Array,
  states: boolean,
  theme: Theme,
): void {
  const [low, high] = frame.y;
  const width = (high - low) / values.length;
  const gap = states ? 0.14 * width : 0;
  context.fillStyle = theme.samples;
  context.strokeStyle = theme.samples;
  context.lineWidth = 1;
  values.forEach((value, i) => {
    if (value === 0) return;
    const upper = yOf(frame, low + (i + 1) * width - gap);
    const lower = yOf(frame, low + i * width + gap);
    const length = xOf(frame, value) - frame.left;
    context.globalAlpha = 0.38;
    context.fillRect(frame.left, upper, length, lower - upper);
    context.globalAlpha = 1;
    line(context, frame.left + length, upper, frame.left + length, lower);
  });
}

/** Values in the middle of equal cells, joined; of states, a stroke for each. */
function curve(
  context: Context,
  frame: Frame,
  values: Float32Array,
  states: boolean,
  color: string,
  width: number,
  dash: number[],
): void {
  const [low, high] = frame.y;
  const cell = (high - low) / values.length;
  context.strokeStyle = color;
  context.lineWidth = states ? width + 1 : width;
  context.setLineDash(states ? [] : dash);
  context.lineJoin = 'round';
  context.beginPath();
  values.forEach((value, i) => {
    const x = xOf(frame, value);
    const middle = low + (i + 0.5) * cell;
    if (states) {
      context.moveTo(x, yOf(frame, middle - 0.44 * cell));
      context.lineTo(x, yOf(frame, middle + 0.44 * cell));
    } else if (i === 0) context.moveTo(x, yOf(frame, middle));
    else context.lineTo(x, yOf(frame, middle));
  });
  context.stroke();
  context.setLineDash([]);
}
