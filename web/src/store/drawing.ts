// A drawing of one's own points: what brush, eraser and keyboard do to them,
// every stroke undone and redone, and the same as text. It knows neither pixels
// nor the engine; chance comes from outside, so that tests have none.

import type { Problem } from '../engine/core';
import { t } from '../strings';
import { shortest } from './export';
import { MAX_LINK_POINTS } from './sharing';

/** So many travel in a share link, and a drawing always should. */
export const MAX_DRAWN = MAX_LINK_POINTS;
/** Labels with a colour and a shape of their own. */
export const LABELS = 8;
const MAX_LABEL = 255;
const MAX_UNDO = 200;

/** Points [n, 2] in data units and the label of each. */
export interface Dots {
  values: Float32Array;
  labels: Uint8Array;
}
export const NO_DOTS: Dots = {
  values: new Float32Array(),
  labels: new Uint8Array(),
};

/** What is drawn on: a square, by its middle and half of its side. */
export interface Area {
  x: number;
  y: number;
  reach: number;
}
export const USUAL_AREA: Area = { x: 0, y: 0, reach: 3 };

export interface Brush {
  radius: number;
  /** Points on the way of a radius. */
  flow: number;
  label: number;
}

/** Thinner brushes leave no more points on their way than this one. */
const LEAST_SPACING = 1 / 15; // Of the area's reach.

interface Place {
  x: number;
  y: number;
}

export class Drawing {
  dots: Dots = NO_DOTS;
  area: Area = USUAL_AREA;
  private past: Dots[] = [];
  private future: Dots[] = [];
  /** What was there before the stroke under way. */
  private before: Dots | null = null;
  private at: Place = { x: 0, y: 0 };
  /** Parts of a point that the way so far has earned. */
  private due = 0;

  constructor(private readonly random: () => number = Math.random) {}

  get count(): number {
    return this.dots.labels.length;
  }
  get full(): boolean {
    return this.count >= MAX_DRAWN;
  }
  get undoable(): boolean {
    return this.past.length > 0;
  }
  get redoable(): boolean {
    return this.future.length > 0;
  }

  /** A stroke begins; all of it is one step of undo. */
  begin(x: number, y: number): void {
    this.end();
    this.before = this.dots;
    this.at = { x, y };
    this.due = 0;
  }

  end(): void {
    if (this.before && this.before !== this.dots) {
      this.past.push(this.before);
      if (this.past.length > MAX_UNDO) this.past.shift();
      this.future = [];
    }
    this.before = null;
  }

  /** A single point, where it was asked for. */
  place(x: number, y: number, label: number): void {
    this.begin(x, y);
    this.add([{ x, y }], label);
    this.end();
  }

  /** The brush touches down: as many points as on the way of a radius. */
  dab({ radius, flow, label }: Brush): void {
    const { at } = this;
    this.add(
      Array.from({ length: Math.round(flow) }, () => this.near(at, radius)),
      label,
    );
  }

  /** The brush moves on to here. */
  spray(x: number, y: number, { radius, flow, label }: Brush): void {
    const { at, area } = this;
    const way = { x: x - at.x, y: y - at.y };
    const spacing = Math.max(radius, LEAST_SPACING * area.reach);
    this.due += (flow * Math.hypot(way.x, way.y)) / spacing;
    const count = Math.floor(this.due);
    this.due -= count;
    const places = Array.from({ length: count }, () => {
      const part = this.random();
      const middle = { x: at.x + part * way.x, y: at.y + part * way.y };
      return this.near(middle, radius);
    });
    this.add(places, label);
    this.at = { x, y };
  }

  /** Takes away what lies within a radius of the way to here. */
  erase(x: number, y: number, radius: number): void {
    const { at, dots } = this;
    const way = { x: x - at.x, y: y - at.y };
    const length = way.x * way.x + way.y * way.y;
    const kept: number[] = [];
    dots.labels.forEach((_, i) => {
      const from = {
        x: dots.values[2 * i]! - at.x,
        y: dots.values[2 * i + 1]! - at.y,
      };
      const along = length > 0 ? (from.x * way.x + from.y * way.y) / length : 0;
      const part = Math.min(1, Math.max(0, along));
      const off = Math.hypot(from.x - part * way.x, from.y - part * way.y);
      if (off > radius) kept.push(i);
    });
    this.at = { x, y };
    if (kept.length === dots.labels.length) return;
    this.dots = {
      values: Float32Array.from(
        { length: 2 * kept.length },
        (_, i) => dots.values[2 * kept[i >> 1]! + (i & 1)]!,
      ),
      labels: Uint8Array.from(kept, (i) => dots.labels[i]!),
    };
  }

  /** Other points instead of these, on an area that shows them all. */
  replace(dots: Dots): void {
    this.end();
    this.before = this.dots;
    this.dots = dots;
    this.area = areaOf(dots.values);
    this.end();
  }

  clear(): void {
    if (this.count > 0) this.replace(NO_DOTS);
  }

  undo(): void {
    this.end();
    this.move(this.past, this.future);
  }

  redo(): void {
    this.end();
    this.move(this.future, this.past);
  }

  private move(from: Dots[], to: Dots[]): void {
    const dots = from.pop();
    if (!dots) return;
    to.push(this.dots);
    this.dots = dots;
    const { area } = this;
    if (!inside(dots.values, area)) this.area = areaOf(dots.values);
  }

  /** Even over a disc. */
  private near({ x, y }: Place, radius: number): Place {
    const angle = 2 * Math.PI * this.random();
    const off = radius * Math.sqrt(this.random());
    return { x: x + off * Math.cos(angle), y: y + off * Math.sin(angle) };
  }

  /** Adds what lies on the area, as far as there is room. */
  private add(places: Place[], label: number): void {
    const { dots, area, count } = this;
    const fresh = places
      .filter(({ x, y }) => inside([x, y], area))
      .slice(0, MAX_DRAWN - count);
    if (fresh.length === 0) return;
    const values = new Float32Array(2 * (count + fresh.length));
    values.set(dots.values);
    values.set(
      fresh.flatMap(({ x, y }) => [x, y]),
      2 * count,
    );
    const labels = new Uint8Array(count + fresh.length).fill(label);
    labels.set(dots.labels);
    this.dots = { values, labels };
  }
}

function inside(values: ArrayLike<number>, { x, y, reach }: Area): boolean {
  for (let i = 0; i < values.length; i += 2) {
    const [dx, dy] = [values[i]! - x, values[i + 1]! - y];
    if (Math.abs(dx) > reach || Math.abs(dy) > reach) return false;
  }
  return true;
}

/** The usual area, or one that fits points too large or too small for it. */
export function areaOf(values: Float32Array): Area {
  const axes = [0, 1].map((axis) => values.filter((_, i) => i % 2 === axis));
  const low = axes.map((axis) => axis.reduce((a, b) => Math.min(a, b), 1e38));
  const high = axes.map((axis) => axis.reduce((a, b) => Math.max(a, b), -1e38));
  const wide = Math.max(high[0]! - low[0]!, high[1]! - low[1]!);
  const fits = inside(values, USUAL_AREA);
  // A cloud that takes a tenth of the side can still be worked on.
  if (values.length === 0 || (fits && (wide === 0 || wide > 0.6))) {
    return USUAL_AREA;
  }
  return {
    x: (low[0]! + high[0]!) / 2,
    y: (low[1]! + high[1]!) / 2,
    reach: wide > 0 ? 0.6 * wide : USUAL_AREA.reach,
  };
}

/** The labels as data have them: none where all are 0, as nobody chose any. */
export function labelsOf({ labels }: Dots): Uint8Array {
  return labels.some((label) => label !== 0) ? labels : NO_DOTS.labels;
}

/** A point a line: x, y and its label. */
export function toText({ values, labels }: Dots): string {
  return Array.from(
    labels,
    (label, i) =>
      `${shortest(values[2 * i]!)},${shortest(values[2 * i + 1]!)},${label}\n`,
  ).join('');
}

/** Reads such lines, a label left out being 0, or says what is wrong where. */
export function readText(text: string): Dots | { problems: Problem[] } {
  const values: number[] = [];
  const labels: number[] = [];
  const problems: Problem[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    const path = t('draw.line', { line: i + 1 });
    const cells = line.trim().split(/\s*[,;]\s*|\s+/);
    const numbers = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
    const [x = NaN, y = NaN, label = 0] = numbers;
    if (cells.length > 3 || ![x, y].map(Math.fround).every(Number.isFinite)) {
      problems.push({ path, message: t('draw.badLine') });
    } else if (!Number.isInteger(label) || label < 0 || label > MAX_LABEL) {
      problems.push({ path, message: t('draw.badLabel', { max: MAX_LABEL }) });
    } else {
      values.push(x, y);
      labels.push(label);
    }
  });
  if (labels.length > MAX_DRAWN) {
    const message = t('draw.tooMany', {
      count: labels.length,
      max: MAX_DRAWN,
    });
    problems.push({ path: '', message });
  }
  if (problems.length > 0) return { problems };
  return { values: Float32Array.from(values), labels: Uint8Array.from(labels) };
}
