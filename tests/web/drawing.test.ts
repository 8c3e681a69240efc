// Drawing by hand: brush, eraser, undo, the limit, labels, and points as text.

import { beforeEach, describe, expect, it } from 'vitest';
import {
  areaOf,
  Drawing,
  labelsOf,
  MAX_DRAWN,
  NO_DOTS,
  readText,
  toText,
  USUAL_AREA,
  type Dots,
} from '../../web/src/store/drawing';

/** Chance that tests can rely on: fractions of the golden ratio. */
function golden(): () => number {
  let at = 0;
  return () => (at = (at + 0.6180339887498949) % 1);
}

const brush = { radius: 0.5, flow: 4, label: 2 };
let drawing: Drawing;
beforeEach(() => {
  drawing = new Drawing(golden());
});

/** A stroke of the brush along y = 0. */
function stroke(from: number, to: number, pieces = 10): void {
  drawing.begin(from, 0);
  drawing.dab(brush);
  for (let i = 1; i <= pieces; ++i) {
    drawing.spray(from + ((to - from) * i) / pieces, 0, brush);
  }
  drawing.end();
}

describe('a brush', () => {
  it('sprays within its radius, by the way and not by the events', () => {
    stroke(-1, 1, 10);
    // A dab of 4, and 4 on each half of a unit of the way.
    expect(drawing.count).toBe(4 + 16);
    const { values, labels } = drawing.dots;
    labels.forEach((label, i) => {
      const [x, y] = [values[2 * i]!, values[2 * i + 1]!];
      const off = Math.hypot(Math.max(0, Math.abs(x) - 1), y);
      expect(off).toBeLessThanOrEqual(0.5 + 1e-6); // Rounding to float32.
      expect(label).toBe(2);
    });
    const few = new Drawing(golden());
    drawing = few;
    stroke(-1, 1, 3);
    expect(few.count).toBe(20);
  });

  it('leaves nothing beyond the sheet', () => {
    drawing.begin(3, 3);
    for (let i = 0; i < 50; ++i) drawing.dab(brush);
    drawing.end();
    expect(drawing.count).toBeGreaterThan(10);
    expect(drawing.count).toBeLessThan(150);
    expect(Math.max(...drawing.dots.values)).toBeLessThanOrEqual(3);
  });

  it('spaces its points even where it is thin', () => {
    const thin = { radius: 0.001, flow: 1, label: 0 };
    drawing.begin(-1, 0);
    drawing.spray(1, 0, thin);
    drawing.end();
    expect(drawing.count).toBe(10); // 2 units of way, 1 / 15 of 3 apart.
  });

  it('stops at the limit', () => {
    for (let i = 0; i < 100 && !drawing.full; ++i) stroke(-3, 3);
    expect(drawing.count).toBe(MAX_DRAWN);
    const { dots } = drawing;
    drawing.place(0, 0, 1);
    expect(drawing.dots).toBe(dots);
  });
});

describe('an eraser', () => {
  it('takes what lies along its way, and keeps labels with their points', () => {
    drawing.place(-2, 0, 1);
    drawing.place(0, 0.2, 2);
    drawing.place(0, 0.4, 3);
    drawing.place(2.4, 0, 4);
    drawing.begin(-2, 0);
    drawing.erase(2, 0, 0.3);
    drawing.end();
    expect([...drawing.dots.labels]).toEqual([3, 4]);
    expect(drawing.dots.values[1]).toBeCloseTo(0.4, 6);
    drawing.begin(2, 0);
    drawing.erase(2, 0, 0.5);
    drawing.end();
    expect([...drawing.dots.labels]).toEqual([3]);
  });
});

describe('undo', () => {
  it('takes a stroke back whole, and redoes it', () => {
    stroke(-1, 1);
    const first = drawing.dots;
    stroke(0, 2);
    const second = drawing.dots;
    drawing.undo();
    expect(drawing.dots).toBe(first);
    drawing.redo();
    expect(drawing.dots).toBe(second);
    drawing.undo();
    drawing.undo();
    expect(drawing).toMatchObject({ count: 0, undoable: false });
    drawing.undo();
    expect(drawing.count).toBe(0);
  });

  it('forgets what was undone once something new is drawn', () => {
    stroke(-1, 1);
    drawing.undo();
    drawing.place(0, 0, 0);
    expect(drawing).toMatchObject({ count: 1, redoable: false });
  });

  it('knows no step that changed nothing', () => {
    drawing.begin(0, 0);
    drawing.erase(1, 1, 0.5);
    drawing.end();
    drawing.clear();
    expect(drawing.undoable).toBe(false);
  });

  it('ends a stroke under way first', () => {
    drawing.begin(0, 0);
    drawing.dab(brush);
    drawing.undo();
    expect(drawing).toMatchObject({ count: 0, redoable: true });
  });

  it('brings back what was cleared, or replaced on another sheet', () => {
    stroke(-1, 1);
    const { dots } = drawing;
    drawing.replace({
      values: Float32Array.of(100, 0, 140, 20),
      labels: Uint8Array.of(0, 0),
    });
    expect(drawing.area).toEqual({ x: 120, y: 10, reach: 24 });
    drawing.undo();
    expect(drawing.dots).toBe(dots);
    expect(drawing.area).toEqual(USUAL_AREA);
    drawing.clear();
    expect(drawing.count).toBe(0);
    drawing.undo();
    expect(drawing.dots).toBe(dots);
  });
});

describe('the sheet', () => {
  it.each<[string, number[], typeof USUAL_AREA]>([
    ['nothing', [], USUAL_AREA],
    ['a point at home', [1, 1], USUAL_AREA],
    ['points at home', [-3, 3, 2, 0], USUAL_AREA],
    ['points abroad', [0, 0, 10, 4], { x: 5, y: 2, reach: 6 }],
    ['a point abroad', [9, 9], { x: 9, y: 9, reach: 3 }],
  ])('fits %s', (_, values, area) => {
    expect(areaOf(Float32Array.from(values))).toEqual(area);
  });

  it('comes closer to a small cloud', () => {
    const { x, reach } = areaOf(Float32Array.of(1, 1, 1.01, 1));
    expect(x).toBeCloseTo(1.005, 6);
    expect(reach).toBeCloseTo(0.006, 6);
  });
});

describe('labels', () => {
  it('are none where nobody chose any', () => {
    drawing.place(0, 0, 0);
    drawing.place(1, 0, 0);
    expect(labelsOf(drawing.dots).length).toBe(0);
    drawing.place(1, 1, 3);
    expect([...labelsOf(drawing.dots)]).toEqual([0, 0, 3]);
  });
});

describe('a drawing as text', () => {
  it('comes back as it was', () => {
    stroke(-1, 1);
    drawing.place(0.1, -1 / 3, 7);
    expect(readText(toText(drawing.dots))).toEqual(drawing.dots);
    expect(readText('')).toEqual(NO_DOTS);
    expect(toText(NO_DOTS)).toBe('');
  });

  it('may be written by hand', () => {
    const { values, labels } = readText(
      ' 1, 2\n\n-1;0.5;3\r\n1e1\t0 2',
    ) as Dots;
    expect([...values]).toEqual([1, 2, -1, 0.5, 10, 0]);
    expect([...labels]).toEqual([0, 3, 2]);
  });

  it.each([
    ['a word', '0,0\n1,two', 'Line 2'],
    ['a single number', '1', 'Line 1'],
    ['too many numbers', '1,2,3,4', 'Line 1'],
    ['an empty cell', '1,,2', 'Line 1'],
    ['infinity', '1,Infinity', 'Line 1'],
    ['more than a float32 holds', '1e39,0', 'Line 1'],
    ['a broken label', '0,0,0.5', 'Line 1'],
    ['a label too large', '0,0,256', 'Line 1'],
    ['too many points', '0,0\n'.repeat(MAX_DRAWN + 1), ''],
  ])('with %s has a problem there', (_, text, path) => {
    expect(readText(text)).toMatchObject({ problems: [{ path }] });
  });
});
