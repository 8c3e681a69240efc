// Data and samples as marks: data small squares, or where they have labels a
// colour and a shape for each, samples discs, so that they differ by shape as
// well as by colour. Points with one coordinate
// lie in two strips, each spread across its height. A sample beyond the picture
// is a speck at its edge: an untrained model throws them far.

import { classesOf, colorOf, traceMark } from './marks';
import type { PlotFrame, Scales, Scene } from './scene';
import { MANY, stampDiscs } from './stamp';

const DATA_SIZE = 3;
/** Labelled points are larger, as far as the picture is: their shapes count. */
const MARK_RADIUS = 2.9;
const MARKS_ACROSS = 36;
const SAMPLE_RADIUS = 2.4;
/** Samples out of view are specks this large, this far within the edge. */
const FAR = 1.5;
const EDGE = 3;
const WHOLE_TURN = 2 * Math.PI;

type Visit = (x: number, y: number, inside: boolean) => void;

/** Where along a strip's height point i lies: the golden ratio's fractions. */
function lane(i: number): number {
  return (i * 0.6180339887498949) % 1;
}

type Strip = 'data' | 'samples' | 'truth';
const STRIPS: Record<Strip, [top: number, height: number]> = {
  data: [0.58, 0.12],
  samples: [0.74, 0.12],
  truth: [0.88, 0.08],
};

/** Visits every `each`-th point's place in the picture. */
export function eachPoint(
  values: Float32Array,
  dim: number,
  scales: Scales,
  strip: Strip,
  visit: Visit,
  each = 1,
): void {
  const [top, tall] = STRIPS[strip];
  for (let i = 0; i * dim < values.length; i += each) {
    const x = scales.x(values[i * dim]!);
    if (dim > 1) visitInside(x, scales.y(values[i * dim + 1]!), scales, visit);
    else visitInside(x, scales.height * (top + tall * lane(i)), scales, visit);
  }
}

/** Moves a place outside straight towards the middle, up to the edge. */
function visitInside(
  x: number,
  y: number,
  { width, height }: Scales,
  visit: Visit,
): void {
  const [middleX, middleY] = [width / 2, height / 2];
  const outside = Math.max(
    Math.abs(x - middleX) / (middleX - EDGE),
    Math.abs(y - middleY) / (middleY - EDGE),
  );
  const part = 1 / Math.max(1, outside);
  visit(
    middleX + part * (x - middleX),
    middleY + part * (y - middleY),
    outside <= 1,
  );
}

export const data: Scene = {
  id: 'data',
  accepts: (frame) => frame.data.length > 0,
  defaults: { shown: true },
  draw(context, frame, scales, theme) {
    if (frame.labels?.length) return drawLabelled(context, frame, scales);
    context.fillStyle = theme.data;
    context.globalAlpha = 0.55;
    const half = DATA_SIZE / 2;
    eachPoint(frame.data, frame.dim, scales, 'data', (x, y) => {
      context.fillRect(x - half, y - half, DATA_SIZE, DATA_SIZE);
    });
    context.globalAlpha = 1;
  },
};

/** The data with a mark for each label, one path a label. */
export function drawLabelled(
  context: CanvasRenderingContext2D,
  { data, labels = new Uint8Array(), dim }: PlotFrame,
  scales: Scales,
): void {
  const side = Math.min(scales.width, scales.height);
  const radius = Math.min(MARK_RADIUS, side / MARKS_ACROSS);
  context.globalAlpha = 0.9;
  for (const label of classesOf(labels)) {
    context.fillStyle = colorOf(label);
    context.beginPath();
    let i = 0;
    eachPoint(data, dim, scales, 'data', (x, y) => {
      if (labels[i++] === label) traceMark(context, label, x, y, radius);
    });
    context.fill();
  }
  context.globalAlpha = 1;
}

export const samples: Scene = {
  id: 'samples',
  accepts: (frame) => (frame.samples?.length ?? 0) > 0,
  defaults: { shown: true },
  draw(context, frame, scales, theme) {
    const { samples, dim } = frame;
    if (!samples) return;
    const near: number[] = [];
    const far: number[] = [];
    eachPoint(samples, dim, scales, 'samples', (x, y, inside) => {
      (inside ? near : far).push(x, y);
    });
    context.fillStyle = theme.samples;
    context.globalAlpha = 0.9;
    if (near.length > 2 * MANY) {
      stampDiscs(context, near, SAMPLE_RADIUS, theme.samples, scales);
    } else {
      context.beginPath();
      for (let i = 0; i < near.length; i += 2) {
        context.moveTo(near[i]! + SAMPLE_RADIUS, near[i + 1]!);
        context.arc(near[i]!, near[i + 1]!, SAMPLE_RADIUS, 0, WHOLE_TURN);
      }
      context.fill();
    }
    context.globalAlpha = 0.45;
    context.beginPath();
    for (let i = 0; i < far.length; i += 2) {
      context.rect(far[i]! - FAR / 2, far[i + 1]! - FAR / 2, FAR, FAR);
    }
    context.fill();
    context.globalAlpha = 1;
  },
};
