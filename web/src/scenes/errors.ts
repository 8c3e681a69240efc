// Errors of samplers against how often they asked the model, both on
// logarithmic axes: a line and a mark a sampler, dashed lines of known order, and
// the floor below which errors say nothing. In pixels, from numbers alone.

import { colorOf, traceMark } from './marks';
import type { Theme } from './scene';

export interface ErrorsFrame {
  /** In the order of the samplers; points by ascending x, both above 0. */
  series: { x: number[]; y: number[] }[];
  floor: number | null;
  /** Orders that lines are drawn of. */
  orders: readonly number[];
  texts: { x: string; floor: string; order: (order: number) => string };
}

export interface LogBox {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Ends of the axes. */
  x: [number, number];
  y: [number, number];
}

const MARGIN = { left: 46, right: 14, top: 12, bottom: 38 };
const MARK = 4;
const NARROW = 440;
const LINE = 1.75;
/** What a line is told by besides its colour and marks. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [9, 3, 2, 3],
  [4, 2],
  [12, 4],
];
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Room for all that is drawn, ends between round numbers. */
export function boxOf(
  { series, floor }: ErrorsFrame,
  width: number,
  height: number,
): LogBox {
  const xs = series.flatMap(({ x }) => x);
  const ys = series.flatMap(({ y }) => y);
  if (floor !== null) ys.push(floor);
  return {
    left: MARGIN.left,
    top: MARGIN.top,
    width: width - MARGIN.left - MARGIN.right,
    height: height - MARGIN.top - MARGIN.bottom,
    x: ends(xs.length ? xs : [1, 1000], 1.35),
    y: ends(ys.length ? ys : [1e-4, 1], 2.2),
  };
}

/** Ends at a factor's distance, at least a decade apart. */
function ends(values: number[], factor: number): [number, number] {
  const low = Math.min(...values) / factor;
  const high = Math.max(...values) * factor;
  const missing = Math.max(1, Math.sqrt((10 * low) / high));
  return [low / missing, high * missing];
}

export function xIn(
  { left, width, x: [low, high] }: LogBox,
  x: number,
): number {
  return left + (width * Math.log(x / low)) / Math.log(high / low);
}
export function yIn(
  { top, height, y: [low, high] }: LogBox,
  y: number,
): number {
  return top + (height * Math.log(high / y)) / Math.log(high / low);
}

/** Powers of ten between two ends. */
function decades([low, high]: [number, number]): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => first + i,
  );
}

export function powerText(exponent: number): string {
  if (exponent >= 0 && exponent <= 4) return String(10 ** exponent);
  const digits = [...String(Math.abs(exponent))]
    .map((digit) => SUPERSCRIPTS[Number(digit)]!)
    .join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

export function drawErrors(
  context: CanvasRenderingContext2D,
  frame: ErrorsFrame,
  width: number,
  height: number,
  theme: Theme,
): void {
  const box = boxOf(frame, width, height);
  if (box.width <= 0 || box.height <= 0) return;
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  context.font = theme.font;
  drawAxes(context, frame, box, theme);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  if (frame.floor !== null) {
    const y = yIn(box, frame.floor);
    context.fillStyle = theme.muted;
    context.globalAlpha = 0.12;
    context.fillRect(box.left, y, box.width, bottom - y);
    context.globalAlpha = 1;
    context.textAlign = 'left';
    context.textBaseline = 'top';
    context.fillText(frame.texts.floor, box.left + 6, y + 5);
  }
  drawOrders(context, frame, box, theme);
  frame.series.forEach(({ x, y }, i) => {
    context.strokeStyle = context.fillStyle = colorOf(i);
    context.lineWidth = LINE;
    context.setLineDash([...DASHES[i % DASHES.length]!]);
    context.beginPath();
    x.forEach((value, k) => {
      const at = [xIn(box, value), yIn(box, y[k]!)] as const;
      if (k === 0) context.moveTo(...at);
      else context.lineTo(...at);
    });
    context.stroke();
    context.setLineDash([]);
  });
  context.restore();
  // Marks at the edge are whole.
  frame.series.forEach(({ x, y }, i) => {
    context.beginPath();
    x.forEach((value, k) => {
      traceMark(context, i, xIn(box, value), yIn(box, y[k]!), MARK);
    });
    context.fillStyle = colorOf(i);
    context.strokeStyle = theme.surface;
    context.lineWidth = 1.5;
    context.stroke();
    context.fill();
  });
  context.strokeStyle = theme.muted;
  context.lineWidth = 1;
  context.strokeRect(
    box.left + 0.5,
    box.top + 0.5,
    box.width - 1,
    box.height - 1,
  );
  context.fillStyle = theme.muted;
  context.textAlign = 'right';
  context.textBaseline = 'bottom';
  context.fillText(frame.texts.x, right, height - 2);
}

function drawAxes(
  context: CanvasRenderingContext2D,
  _: ErrorsFrame,
  box: LogBox,
  theme: Theme,
): void {
  const right = box.left + box.width;
  const bottom = box.top + box.height;
  context.lineWidth = 1;
  context.strokeStyle = theme.line;
  context.fillStyle = theme.muted;
  const across = (at: number): void => {
    context.beginPath();
    context.moveTo(at, box.top);
    context.lineTo(at, bottom);
    context.stroke();
  };
  for (const exponent of decades(box.x)) {
    const x = Math.round(xIn(box, 10 ** exponent)) + 0.5;
    across(x);
    context.textAlign = 'center';
    context.textBaseline = 'top';
    context.fillText(powerText(exponent), x, bottom + 6);
  }
  const rows = decades(box.y);
  // On a small chart every second power of ten, or every third.
  const each = Math.max(1, Math.ceil((rows.length * 20) / box.height));
  for (const exponent of rows) {
    const y = Math.round(yIn(box, 10 ** exponent)) + 0.5;
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(right, y);
    context.stroke();
    if (exponent % each !== 0) continue;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillText(powerText(exponent), box.left - 7, y);
  }
}

/** From the first evaluation and the largest error on. */
function drawOrders(
  context: CanvasRenderingContext2D,
  { series, orders, texts }: ErrorsFrame,
  box: LogBox,
  theme: Theme,
): void {
  const xs = series.flatMap(({ x }) => x);
  const ys = series.flatMap(({ y }) => y);
  if (xs.length === 0) return;
  const x0 = Math.min(...xs);
  const y0 = Math.max(...ys);
  const [, xEnd] = box.x;
  const [yEnd] = box.y;
  context.strokeStyle = context.fillStyle = theme.muted;
  context.lineWidth = 1;
  for (const order of orders) {
    // Where the line leaves the picture, below or to the right.
    const below = x0 * (y0 / yEnd) ** (1 / order);
    const x1 = Math.min(xEnd, below);
    const y1 = y0 * (x0 / x1) ** order;
    context.setLineDash([3, 4]);
    context.beginPath();
    context.moveTo(xIn(box, x0), yIn(box, y0));
    context.lineTo(xIn(box, x1), yIn(box, y1));
    context.stroke();
    context.setLineDash([]);
    // Ends of lines are close on a narrow chart.
    const text = box.width < NARROW ? String(order) : texts.order(order);
    const leavesBelow = below <= xEnd;
    context.textAlign = leavesBelow ? 'left' : 'right';
    context.textBaseline = 'bottom';
    context.fillText(
      text,
      xIn(box, x1) + (leavesBelow ? 5 : -6),
      yIn(box, y1) + (leavesBelow ? -4 : -5),
    );
  }
}
