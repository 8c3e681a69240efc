// Line charts in small: the loss over steps, and a path's alpha and sigma.

import { ticks } from './grid';
import type { Theme } from './scene';

/** Drawn as given: x and y in [0, 1] of the box, y upwards. */
export interface Line {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  color: string;
  width: number;
  alpha?: number;
  dash?: number[];
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function drawLine(
  context: CanvasRenderingContext2D,
  line: Line,
  box: Box,
): void {
  context.strokeStyle = line.color;
  context.lineWidth = line.width;
  context.lineJoin = 'round';
  context.globalAlpha = line.alpha ?? 1;
  context.setLineDash(line.dash ?? []);
  context.beginPath();
  for (let i = 0; i < line.x.length; ++i) {
    const x = box.left + line.x[i]! * box.width;
    const y = box.top + (1 - line.y[i]!) * box.height;
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

export interface LossFrame {
  steps: number[];
  losses: number[];
  smooth: ArrayLike<number>;
  /** The end of the step axis. */
  until: number;
}

/** The loss: every measurement faintly, their running mean on top. */
export function drawLoss(
  context: CanvasRenderingContext2D,
  frame: LossFrame,
  width: number,
  height: number,
  theme: Theme,
): void {
  const { steps, losses, smooth, until } = frame;
  const box = { left: 30, top: 6, width: width - 34, height: height - 26 };
  const highest = 1.05 * Math.max(...losses.slice(0, 400), 1e-9);
  const high = steps.length > 0 ? Math.max(highest, 1e-9) : 1;

  context.font = theme.font;
  context.lineWidth = 1;
  for (const value of ticks(0, high, 3)) {
    const y = Math.round(box.top + (1 - value / high) * box.height) + 0.5;
    context.strokeStyle = theme.line;
    context.beginPath();
    context.moveTo(box.left, y);
    context.lineTo(width, y);
    context.stroke();
    context.fillStyle = theme.muted;
    context.textAlign = 'right';
    context.textBaseline = 'middle';
    context.fillText(String(value), box.left - 6, y);
  }
  context.textBaseline = 'top';
  const end = Math.max(until, steps.at(-1) ?? 1, 1);
  const marks = ticks(0, end, width / 90);
  marks.forEach((value) => {
    const part = value / end;
    context.textAlign = part === 0 ? 'left' : part > 0.9 ? 'right' : 'center';
    const x = box.left + part * box.width;
    context.fillText(value.toLocaleString('en'), x, height - 14);
  });

  if (steps.length === 0) return;
  const x = steps.map((step) => step / end);
  const y = (values: ArrayLike<number>): number[] =>
    Array.from(values, (value) => Math.min(1, value / high));
  drawLine(
    context,
    { x, y: y(losses), color: theme.data, width: 1, alpha: 0.35 },
    box,
  );
  drawLine(context, { x, y: y(smooth), color: theme.data, width: 2 }, box);
}

export interface PathFrame {
  t: number[];
  alpha: number[];
  sigma: number[];
  /** Which of them is shown, fractional between two. */
  position: number;
}

/** How much data (alpha) and noise (sigma) there is along the path. */
export function drawPath(
  context: CanvasRenderingContext2D,
  { t, alpha, sigma, position }: PathFrame,
  width: number,
  height: number,
  theme: Theme,
): void {
  if (t.length < 2) return;
  const box = { left: 0, top: 3, width, height: height - 6 };
  const top = Math.max(1, ...alpha, ...sigma);
  // Like the slider below, even in grid points, not in t.
  const x = t.map((_, i) => i / (t.length - 1));
  const scaled = (values: number[]) => values.map((value) => value / top);
  const { data: blue, samples: orange } = theme;
  drawLine(context, { x, y: scaled(alpha), color: blue, width: 1.75 }, box);
  drawLine(
    context,
    { x, y: scaled(sigma), color: orange, width: 1.75, dash: [5, 3] },
    box,
  );
  const at = Math.round((position / (t.length - 1)) * (width - 1)) + 0.5;
  context.strokeStyle = theme.ink;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, 0);
  context.lineTo(at, height);
  context.stroke();
}
