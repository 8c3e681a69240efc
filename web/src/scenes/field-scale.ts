// What a field's lengths mean on screen: round numbers, so that legends can be
// read and do not flicker while the field moves.

import type { FieldFrame } from '../engine/protocol';

export interface FieldScale {
  /** Lengths of the arrows, [ny, nx] in data units. */
  lengths: Float32Array;
  /** The light end of the heat map: no arrow is longer. */
  most: number;
  /** What the longest drawn arrow stands for: half of the arrows are shorter. */
  cap: number;
}

/** Room that the longest drawn arrow takes of the way to the next node. */
const FILL = 0.82;

const known = new WeakMap<FieldFrame, FieldScale>();

export function scaleOf(field: FieldFrame): FieldScale {
  let scale = known.get(field);
  if (!scale) {
    const { values, axes } = field;
    const lengths = new Float32Array(values.length / axes);
    for (let i = 0; i < lengths.length; ++i) {
      const dx = values[i * axes]!;
      lengths[i] =
        axes > 1 ? Math.hypot(dx, values[i * axes + 1]!) : Math.abs(dx);
    }
    const sorted = lengths.filter(Number.isFinite).sort();
    scale = {
      lengths,
      most: roundUp(sorted.at(-1) ?? 0),
      cap: roundUp(sorted[Math.floor(sorted.length / 2)] ?? 0),
    };
    known.set(field, scale);
  }
  return scale;
}

/** The next of 1, 1.5, 2, 3, 5, 7 times a power of ten. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 3, 5, 7].find((m) => m * power >= value) ?? 10;
  return Number((factor * power).toPrecision(2));
}

/** Pixels of the longest drawn arrow, where a data unit has `zoom` pixels. */
export function longestPixels(
  { window, nx }: FieldFrame,
  zoom: number,
): number {
  return (FILL * zoom * (window[1] - window[0])) / (nx - 1);
}
