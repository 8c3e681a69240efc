// Marks of labelled points: a colour and a shape for each label, so that they
// are told apart with any kind of colour vision. No shape is a disc: discs are
// samples. Labels beyond the eighth begin again.

import ramps from '../../../core/picture/ramps.json';

/** x, y, x, y … of a polygon about as large as a disc of radius 1; y down. */
type Shape = readonly number[];

const ARM = 0.36;
const SQUARE: Shape = [-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85];
const TRIANGLE: Shape = [0, -1.1, 1.1, 0.85, -1.1, 0.85];
const DIAMOND: Shape = [0, -1.25, 1.05, 0, 0, 1.25, -1.05, 0];
const POINTER: Shape = [0, 1.1, -1.1, -0.85, 1.1, -0.85];
const PLUS: Shape = [
  [-ARM, -1.15, ARM, -1.15, ARM, -ARM, 1.15, -ARM, 1.15, ARM, ARM, ARM],
  [ARM, 1.15, -ARM, 1.15, -ARM, ARM, -1.15, ARM, -1.15, -ARM, -ARM, -ARM],
].flat();
const CROSS: Shape = PLUS.map((value, i) => {
  const other = PLUS[i % 2 ? i - 1 : i + 1]!;
  return Math.SQRT1_2 * (i % 2 ? value + other : value - other);
});
const HOURGLASS: Shape = [-1, -1.1, 1, -1.1, -1, 1.1, 1, 1.1];
const BAR: Shape = [-1.3, -0.45, 1.3, -0.45, 1.3, 0.45, -1.3, 0.45];

const SHAPES = [
  SQUARE,
  TRIANGLE,
  DIAMOND,
  POINTER,
  PLUS,
  CROSS,
  HOURGLASS,
  BAR,
];

export function colorOf(label: number): string {
  return ramps.labels[label % ramps.labels.length]!;
}

function shapeOf(label: number): Shape {
  return SHAPES[label % SHAPES.length]!;
}

/** The mark as an SVG path, about 2 by 2 around the origin. */
export function outlineOf(label: number): string {
  return `M${shapeOf(label).join(' ')}Z`;
}

/** Adds the mark to the context's path. */
export function traceMark(
  context: CanvasRenderingContext2D,
  label: number,
  x: number,
  y: number,
  radius: number,
): void {
  const shape = shapeOf(label);
  for (let i = 0; i < shape.length; i += 2) {
    const at = [x + radius * shape[i]!, y + radius * shape[i + 1]!] as const;
    if (i === 0) context.moveTo(...at);
    else context.lineTo(...at);
  }
  context.closePath();
}

/** The labels that occur, ascending. */
export function classesOf(labels: Uint8Array): number[] {
  const found = new Set(labels);
  return [...found].sort((a, b) => a - b);
}
