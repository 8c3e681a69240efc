// What every scene has in common. A scene is a mark: it draws one aspect of a
// frame on a 2D context, in pixels of the page, and knows nothing of where the
// frame came from.

import type { FieldFrame } from '../engine/protocol';

/** Points as they are now, and what is known of their way. */
export interface PlotFrame {
  /** Coordinates of a point; a plot shows the first two. */
  dim: number;
  /** Points of the data law, [n, dim] in data units. */
  data: Float32Array;
  /** Of the data: a label a point, or none at all. */
  labels?: Uint8Array;
  /** Particles, [n, dim] in data units. */
  samples: Float32Array | null;
  /** The same particles, taken by the exact denoiser. */
  truth?: Float32Array | null;
  /** Where the particles were, newest first: at most TRAIL_LENGTH frames. */
  trail: Float32Array[];
  /** Arrows over the picture, for the scenes that draw them. */
  field?: FieldFrame | null;
  /** A point, the data it is taken for, and its way there: [states, dim]. */
  probe?: { x: number[]; data: Float32Array; way: Float32Array } | null;
}

export interface Theme {
  ink: string;
  muted: string;
  surface: string;
  line: string;
  data: string;
  samples: string;
  truth: string;
  font: string;
}

/** Data units to pixels: one scale for both axes, y upwards. */
export interface Scales {
  width: number;
  height: number;
  /** Pixels for one data unit. */
  zoom: number;
  x(value: number): number;
  y(value: number): number;
}

export interface Scene {
  id: string;
  /** Whether there is anything for this scene to draw. */
  accepts(frame: PlotFrame): boolean;
  /** Shown unless turned off. */
  defaults: { shown: boolean };
  draw(
    context: CanvasRenderingContext2D,
    frame: PlotFrame,
    scales: Scales,
    theme: Theme,
  ): void;
}

/** What a plot shows of the data's surroundings, in data units. */
export interface Window {
  x: number;
  y: number;
  /** Half of the shorter side. */
  reach: number;
}

/** Room for the data and for nearly all of a noise of its spread. */
export function windowOf(data: Float32Array, dim: number): Window {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  const axes = Math.min(2, dim);
  for (let i = 0; i < data.length; i += dim) {
    for (let axis = 0; axis < axes; ++axis) {
      low[axis] = Math.min(low[axis]!, data[i + axis]!);
      high[axis] = Math.max(high[axis]!, data[i + axis]!);
    }
  }
  const middle = (axis: number): number =>
    low[axis]! <= high[axis]! ? (low[axis]! + high[axis]!) / 2 : 0;
  const spread = Math.max(
    0,
    ...[0, 1].map((axis) => high[axis]! - low[axis]!).filter(Number.isFinite),
  );
  return { x: middle(0), y: middle(1), reach: 0.72 * spread || 1 };
}

export function scalesFor(
  window: Window,
  width: number,
  height: number,
): Scales {
  const zoom = Math.min(width, height) / (2 * window.reach);
  return {
    width,
    height,
    zoom,
    x: (value) => width / 2 + zoom * (value - window.x),
    y: (value) => height / 2 - zoom * (value - window.y),
  };
}
