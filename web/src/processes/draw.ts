// The marks of the process laboratory on a 2D canvas, in pixels of the page:
// pure, they know no engine and no component.

import { ticks } from '../scenes/grid';
import { paint, RAMP_ALPHA } from '../scenes/ramp';
import type { Theme } from '../scenes/scene';

/** Part of a canvas, and which values its edges stand for; y upwards. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
  x: [low: number, high: number];
  y: [low: number, high: number];
}

export const xOf = ({ left, width, x: [low, high] }: Frame, value: number) =>
  left + (width * (value - low)) / (high - low);
export const yOf = ({ top, height, y: [low, high] }: Frame, value: number) =>
  top + height * (1 - (value - low) / (high - low));

export type Context = CanvasRenderingContext2D;

/** Everything after it stays within the frame, until the canvas is restored. */
export function clip(context: Context, frame: Frame): void {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
}

export interface AxisOptions {
  x?: string;
  y?: string;
  /** Ticks at whole numbers alone, as of states. */
  wholeY?: boolean;
  /** No labels along that side. */
  bare?: boolean;
}

/** A faint grid with labels at round numbers, and the names of the axes. */
export function drawAxes(
  context: Context,
  frame: Frame,
  theme: Theme,
  { x = '', y = '', wholeY = false, bare = false }: AxisOptions,
): void {
  const { left, top, width, height } = frame;
  context.font = theme.font;
  context.lineWidth = 1;
  context.strokeStyle = theme.line;
  context.fillStyle = theme.muted;
  context.textBaseline = 'top';
  for (const value of ticks(...frame.x, width / 64)) {
    const at = Math.round(xOf(frame, value)) + 0.5;
    line(context, at, top, at, top + height);
    context.textAlign =
      at < left + 10 ? 'left' : at > left + width - 14 ? 'right' : 'center';
    // The name of the axis takes the place of its last label.
    if (x === '' || at < left + width - 26) {
      context.fillText(label(value), at, top + height + 5);
    }
  }
  context.textAlign = 'right';
  if (x !== '') context.fillText(x, left + width, top + height + 5);
  context.textBaseline = 'middle';
  const marks = ticks(...frame.y, height / 44).filter(
    (value) => !wholeY || Number.isInteger(value),
  );
  for (const value of marks) {
    const at = Math.round(yOf(frame, value)) + 0.5;
    line(context, left, at, left + width, at);
    if (!bare && at > top + 16) context.fillText(label(value), left - 6, at);
  }
  context.textBaseline = 'top';
  // A long name has no room beside the frame.
  const within = y.length > 5;
  if (within) context.textAlign = 'left';
  if (y !== '') context.fillText(y, within ? left + 6 : left - 6, top);
}

function label(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e5 || (size > 0 && size < 1e-3)) return value.toExponential(0);
  return value.toLocaleString('en').replace('-', '−');
}

export function line(
  context: Context,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/**
 * A density at which a map has its last colour: that of a usual moment, so that
 * a spike at one of them does not leave all others dark. `values` has a row for
 * each of `moments`.
 */
export function usualTop(values: Float32Array, moments: number): number {
  const size = values.length / moments;
  const tops = Array.from({ length: moments }, (_, k) =>
    values
      .subarray(k * size, (k + 1) * size)
      .reduce((most, value) => Math.max(most, value), 0),
  ).sort((a, b) => a - b);
  return tops[Math.floor(0.6 * (moments - 1))] || 1;
}

export interface MapOptions {
  values: Float32Array;
  /** Of the image: its columns and rows. */
  columns: number;
  rows: number;
  top: number;
  /** Where the column's values begin, and its neighbour's, and how far it is between them. */
  column: (index: number) => [at: number, next: number, part: number];
  /** From row to row of the same column. */
  stride: number;
  smooth: boolean;
}

/** Where there is next to nothing, the surface is seen: up to a tenth of the ramp. */
const FADE = 10;

let raster: OffscreenCanvas | null = null;

/** Values as colours over all of the frame, the first row at the bottom. */
export function drawMap(
  context: Context,
  frame: Frame,
  { values, columns, rows, top, column, stride, smooth }: MapOptions,
): void {
  const image = new ImageData(columns, rows);
  for (let i = 0; i < columns; ++i) {
    const [at, next, part] = column(i);
    for (let row = 0; row < rows; ++row) {
      const from = values[at + row * stride]!;
      const to = values[next + row * stride]!;
      const value = from + part * (to - from);
      const pixel = 4 * ((rows - 1 - row) * columns + i);
      paint(image.data, pixel, value / top);
      image.data[pixel + 3] = 255 * Math.min(1, (FADE * value) / top);
    }
  }
  raster ??= new OffscreenCanvas(columns, rows);
  raster.width = columns;
  raster.height = rows;
  raster.getContext('2d')?.putImageData(image, 0, 0);
  const { left, top: above, width, height } = frame;
  context.globalAlpha = RAMP_ALPHA;
  context.imageSmoothingEnabled = smooth;
  context.drawImage(raster, left, above, width, height);
  context.globalAlpha = 1;
}

export interface TimeMap {
  times: Float64Array;
  /** [times, cells] */
  density: Float32Array;
  top: number;
  smooth: boolean;
}

/** Pixels to a column of the map over time. */
const COLUMN = 2;

/** A density over time, time to the right. */
export function drawTimeMap(
  context: Context,
  frame: Frame,
  { times, density, top, smooth }: TimeMap,
): void {
  const cells = density.length / times.length;
  const columns = Math.max(1, Math.round(frame.width / COLUMN));
  let moment = 0;
  drawMap(context, frame, {
    values: density,
    columns,
    rows: cells,
    top,
    stride: 1,
    smooth,
    column: (i) => {
      const time =
        frame.x[0] + ((i + 0.5) / columns) * (frame.x[1] - frame.x[0]);
      while (moment + 2 < times.length && times[moment + 1]! <= time) ++moment;
      const next = Math.min(moment + 1, times.length - 1);
      const way = times[next]! - times[moment]!;
      const part = way > 0 ? (time - times[moment]!) / way : 0;
      return [moment * cells, next * cells, Math.min(1, Math.max(0, part))];
    },
  });
}

/** A density over the plane, [columns, rows], the last axis fastest. */
export function drawPlaneMap(
  context: Context,
  frame: Frame,
  values: Float32Array,
  columns: number,
  top: number,
): void {
  const rows = values.length / columns;
  drawMap(context, frame, {
    values,
    columns,
    rows,
    top,
    stride: 1,
    smooth: true,
    column: (i) => [i * rows, i * rows, 0],
  });
}

export interface Paths {
  times: Float64Array;
  /** [times, shown, dim] */
  values: Float32Array;
  shown: number;
  dim: number;
  /** How many are drawn. */
  count: number;
  /** States stay until they change; each particle then has a lane of its own. */
  states: boolean;
}

/** How far a particle is from the middle of its state's band. */
function laneOf(particle: number): number {
  return 0.66 * (((particle * 0.618034) % 1) - 0.5);
}

function valueOf(paths: Paths, moment: number, particle: number): number {
  const { values, shown, dim, states } = paths;
  const value = values[(moment * shown + particle) * dim]!;
  return states ? value + laneOf(particle) : value;
}

/** Ways of particles along one axis, time to the right. */
export function drawPaths(
  context: Context,
  frame: Frame,
  paths: Paths,
  theme: Theme,
): void {
  const { times, count, states } = paths;
  context.strokeStyle = theme.samples;
  context.lineWidth = 1;
  context.globalAlpha = count > 20 ? 0.42 : 0.7;
  context.lineJoin = 'round';
  for (let particle = 0; particle < count; ++particle) {
    context.beginPath();
    let before = NaN;
    times.forEach((time, moment) => {
      const [x, y] = [
        xOf(frame, time),
        yOf(frame, valueOf(paths, moment, particle)),
      ];
      if (moment === 0) context.moveTo(x, y);
      else {
        if (states && y !== before) context.lineTo(x, before);
        context.lineTo(x, y);
      }
      before = y;
    });
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The particles of these paths at a moment, as discs. */
export function drawParticles(
  context: Context,
  frame: Frame,
  paths: Paths,
  moment: number,
  theme: Theme,
): void {
  const x = xOf(frame, paths.times[moment]!);
  context.fillStyle = theme.samples;
  for (let particle = 0; particle < paths.count; ++particle) {
    const y = yOf(frame, valueOf(paths, moment, particle));
    context.beginPath();
    context.arc(x, y, 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}

/** Particles in the plane at a moment: their first two coordinates. */
export function drawCloud(
  context: Context,
  frame: Frame,
  { values, shown, dim, count }: Paths,
  moment: number,
  theme: Theme,
): void {
  context.fillStyle = theme.samples;
  context.globalAlpha = count > 500 ? 0.6 : 0.85;
  context.beginPath();
  for (let particle = 0; particle < count; ++particle) {
    const at = (moment * shown + particle) * dim;
    const [x, y] = [xOf(frame, values[at]!), yOf(frame, values[at + 1]!)];
    context.moveTo(x + 2, y);
    context.arc(x, y, 2, 0, 2 * Math.PI);
  }
  context.fill();
  context.globalAlpha = 1;
}

/** Lines below which 5, 50 and 95 % lie: the middle one whole, the others dashed. */
export function drawQuantiles(
  context: Context,
  frame: Frame,
  times: Float64Array,
  quantiles: Float64Array,
  theme: Theme,
): void {
  const lines = quantiles.length / times.length;
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.25;
  for (let k = 0; k < lines; ++k) {
    context.setLineDash(2 * k + 1 === lines ? [] : [4, 3]);
    context.beginPath();
    times.forEach((time, moment) => {
      const y = yOf(frame, quantiles[moment * lines + k]!);
      if (moment === 0) context.moveTo(xOf(frame, time), y);
      else context.lineTo(xOf(frame, time), y);
    });
    context.stroke();
  }
  context.setLineDash([]);
}

/** The knife: a line at a time, with a handle to be taken by. */
export function drawKnife(
  context: Context,
  frame: Frame,
  time: number,
  theme: Theme,
): void {
  const x = xOf(frame, time);
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.5;
  line(context, x, frame.top, x, frame.top + frame.height);
  context.fillStyle = theme.ink;
  context.beginPath();
  context.arc(x, frame.top, 5, 0, 2 * Math.PI);
  context.fill();
}

/** Arrows at the knife: which way probability goes, and how much of it. */
export function drawCurrent(
  context: Context,
  frame: Frame,
  time: number,
  current: Float32Array,
  most: number,
  theme: Theme,
): void {
  const arrows = Math.max(3, Math.floor(frame.height / 22));
  // Beside the knife, on the side that has room.
  const knife = xOf(frame, time);
  const x = knife + (knife > frame.left + frame.width / 2 ? -10 : 10);
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.5;
  for (let i = 0; i < arrows; ++i) {
    const part = (i + 0.5) / arrows;
    const value = current[Math.round(part * (current.length - 1))]! / most;
    const length = 20 * Math.min(1, Math.max(-1, value));
    if (Math.abs(length) < 1.5) continue;
    const y = frame.top + frame.height * (1 - part);
    const tip = y - length;
    const barb = Math.sign(length) * Math.min(4, Math.abs(length));
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x, tip);
    context.moveTo(x - 3, tip + barb);
    context.lineTo(x, tip);
    context.lineTo(x + 3, tip + barb);
    context.stroke();
  }
}
