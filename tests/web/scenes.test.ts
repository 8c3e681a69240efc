// Scenes by what they draw: calls on a recording context, numbers rounded.

import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  BACKGROUND,
  FOREGROUND,
  MIDDLE,
  UNDERGROUND,
} from '../../web/src/scenes';
import { arrows } from '../../web/src/scenes/arrows';
import { scaleOf } from '../../web/src/scenes/field-scale';
import { heat } from '../../web/src/scenes/heat';
import { probe } from '../../web/src/scenes/probe';
import { drawLoss, drawPath } from '../../web/src/scenes/curve';
import { grid, ticks } from '../../web/src/scenes/grid';
import {
  dataHistogram,
  sampleHistogram,
  shares,
} from '../../web/src/scenes/histogram';
import { classesOf, colorOf, outlineOf } from '../../web/src/scenes/marks';
import { data, samples } from '../../web/src/scenes/points';
import {
  scalesFor,
  windowOf,
  type PlotFrame,
  type Scene,
} from '../../web/src/scenes/scene';
import { TRAIL_LENGTH, trails } from '../../web/src/scenes/trails';
import { truth } from '../../web/src/scenes/truth';
import { fakeImages, recorder, theme } from './canvas';

const frame: PlotFrame = {
  dim: 2,
  data: Float32Array.of(-1, 0, 1, 0.5),
  samples: Float32Array.of(0, 0, 0.5, -0.5),
  trail: [Float32Array.of(0.25, 0, 0.5, 0), Float32Array.of(0.5, 0.25, 1, 0)],
};
const scales = scalesFor({ x: 0, y: 0, reach: 2 }, 200, 100);

afterEach(() => {
  vi.unstubAllGlobals();
});

function drawn(scene: Scene, shown = frame): string[] {
  const { calls, context } = recorder();
  scene.draw(context, shown, scales, theme);
  return calls;
}

describe('scales', () => {
  it('keep one unit for both axes, y upwards', () => {
    expect([scales.zoom, scales.x(1), scales.y(1)]).toEqual([25, 125, 25]);
  });

  it('show all of the data with room around it', () => {
    expect(windowOf(Float32Array.of(0, 0, 4, 2), 2)).toEqual({
      x: 2,
      y: 1,
      reach: 2.88,
    });
    expect(windowOf(Float32Array.of(3, 3), 1)).toEqual({
      x: 3,
      y: 0,
      reach: 1,
    });
    expect(windowOf(new Float32Array(), 2)).toEqual({ x: 0, y: 0, reach: 1 });
  });

  it('are marked at round numbers', () => {
    expect(ticks(-1.1, 1.1, 4)).toEqual([-1, 0, 1]);
    expect(ticks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticks(0, 20000, 3)).toEqual([0, 10000, 20000]);
    expect(ticks(1, 1, 3)).toEqual([]);
  });
});

const points = { samples };

describe('scenes', () => {
  it('have each a name, and draw only what there is', () => {
    const empty: PlotFrame = {
      dim: 2,
      data: new Float32Array(),
      samples: null,
      trail: [],
    };
    const all = [...UNDERGROUND, ...BACKGROUND, ...MIDDLE, ...FOREGROUND];
    expect(all.map(({ id }) => id)).toEqual([
      'heat',
      'grid',
      'data',
      'data',
      'arrows',
      'trails',
      'samples',
      'truth',
      'samples',
      'probe',
    ]);
    expect(all.filter((scene) => scene.accepts(empty))).toEqual([grid]);
    expect(all.filter(({ defaults }) => !defaults.shown)).toEqual([
      heat,
      arrows,
      truth,
    ]);
  });

  it('draw data as squares', () => {
    expect(drawn(data)).toMatchSnapshot();
  });

  it('draw labelled data as a shape and a colour a label', () => {
    const calls = drawn(data, {
      ...frame,
      data: Float32Array.of(-1, 0, 1, 0.5, 0, 0),
      labels: Uint8Array.of(2, 0, 2),
    });
    expect(calls).toMatchSnapshot();
    expect(calls.filter((call) => call === 'fill').length).toBe(2);
  });

  it('have a mark for each of eight labels, and begin again', () => {
    const labels = Array.from({ length: 8 }, (_, label) => label);
    expect(new Set(labels.map(outlineOf)).size).toBe(8);
    expect(new Set(labels.map(colorOf)).size).toBe(8);
    expect([outlineOf(9), colorOf(9)]).toEqual([outlineOf(1), colorOf(1)]);
    expect(classesOf(Uint8Array.of(3, 0, 3, 200))).toEqual([0, 3, 200]);
  });

  it('draw samples as discs in one path', () => {
    const calls = drawn(samples);
    expect(calls).toMatchSnapshot();
    // The style, the path of those in view and that of those beyond.
    expect(calls.filter((call) => call.startsWith('fill')).length).toBe(3);
  });

  it('draw very many samples as one image, each where it is', () => {
    const images = fakeImages();
    const samples = new Float32Array(2 * 3000);
    samples.set([1, 0.5]);
    const calls = drawn(points.samples, { ...frame, samples });
    expect(calls.filter((call) => /^(arc|drawImage)/.test(call)).length).toBe(
      1,
    );
    const { data, width } = images[0]!;
    const lit = (x: number, y: number) => data[4 * (y * width + x) + 3] === 255;
    expect([lit(100, 50), lit(125, 37), lit(125, 50)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('draw trails from the newest place back, fading', () => {
    expect(drawn(trails)).toMatchSnapshot();
  });

  it('draw axes at round numbers', () => {
    expect(drawn(grid)).toMatchSnapshot();
  });

  it('draw points with one coordinate in strips below a histogram', () => {
    const line: PlotFrame = {
      ...frame,
      dim: 1,
      data: Float32Array.of(-1, 0, 1),
      samples: Float32Array.of(0, 0.5),
    };
    expect(drawn(data, line)).toMatchSnapshot();
    expect(
      drawn(grid, line).some((call) => call.startsWith('lineTo 200')),
    ).toBe(false);
    expect(dataHistogram.accepts(line) && sampleHistogram.accepts(line)).toBe(
      true,
    );
    const total = shares(line.data, scales).reduce(
      (sum, share) => sum + share,
      0,
    );
    expect(total).toBeCloseTo(1, 12);
    expect(drawn(sampleHistogram, line).at(-1)).toBe('stroke');
    expect(drawn(dataHistogram, line).at(-2)).toBe('fill');
  });

  it('draw a sample beyond the picture at its edge, in its direction', () => {
    const far: PlotFrame = {
      ...frame,
      samples: Float32Array.of(80, 0, -30, 30),
    };
    const calls = drawn(samples, far);
    expect(calls.filter((call) => call.startsWith('arc'))).toEqual([]);
    // Their middles are (197, 50) and (53, 3), three pixels within the edge.
    expect(calls.filter((call) => call.startsWith('rect'))).toEqual([
      'rect 196.25 49.25 1.5 1.5',
      'rect 52.25 2.25 1.5 1.5',
    ]);
  });

  it('draw the first two of many coordinates', () => {
    const many: PlotFrame = {
      ...frame,
      dim: 3,
      samples: Float32Array.of(0, 1, 9, 1, 0, 9),
    };
    expect(
      drawn(samples, many).filter((call) => call.startsWith('arc')),
    ).toEqual(['arc 100 25 2.4 0 6.28', 'arc 125 50 2.4 0 6.28']);
  });
});

/** Two rows of three nodes: (0, 0), short, long; and back. */
const field = {
  t: 0.5,
  step: 3,
  window: [-1, 1, -0.5, 0.5] as [number, number, number, number],
  nx: 3,
  ny: 2,
  axes: 2,
  values: Float32Array.of(0, 0, 0.5, 0, 0, 4, 0, 0, -0.5, 0, 0, -4),
};

describe('the field', () => {
  it('has round numbers for its legends', () => {
    expect(scaleOf(field)).toMatchObject({ most: 5, cap: 0.5 });
    const zero = { ...field, values: new Float32Array(12) };
    expect(scaleOf(zero)).toMatchObject({ most: 1, cap: 1 });
  });

  it('is drawn as arrows in one path, capped, none for no way', () => {
    const calls = drawn(arrows, { ...frame, field });
    expect(calls).toMatchSnapshot();
    const tips = calls.filter((call) => call.startsWith('lineTo'));
    expect(tips.length).toBe(4 * 3);
    // The cap's arrow is as long as one of eight times its length.
    expect(tips).toContain('lineTo 120.5 62.5');
    expect(tips).toContain('lineTo 125 42');
  });

  it('is a row of arrows with one coordinate', () => {
    const row = { ...field, ny: 1, axes: 1, values: Float32Array.of(1, 0, -1) };
    const calls = drawn(arrows, { ...frame, dim: 1, field: row });
    expect(calls.filter((call) => call.startsWith('moveTo'))[0]).toBe(
      'moveTo 75 72',
    );
  });

  it('is drawn as one image, its numbers interpolated between nodes', () => {
    const images = fakeImages();
    const calls = drawn(heat, { ...frame, field });
    expect(calls.filter((call) => call.startsWith('drawImage'))).toEqual([
      'drawImage [object Object] 0 0 200 100',
    ]);
    const { data, width, height } = images[0]!;
    expect([width, height]).toEqual([50, 25]);
    const red = (column: number) => data[4 * (12 * width + column)]!;
    // Left of all nodes no way, the ramp's dark end; right of all four fifths
    // of the way: two fifths from its seventh stop to its eighth.
    expect([red(0), red(49)]).toEqual([0x44, 126]);
  });

  it('shows a probe by line, cross and square', () => {
    const asked = {
      x: [0, 0],
      data: Float32Array.of(1, 0.5),
      way: Float32Array.of(0, 0, 0.5, 0, 1, 1),
    };
    expect(drawn(probe, { ...frame, probe: asked })).toMatchSnapshot();
  });
});

describe('a frame', () => {
  /** Calls that make pixels: what a frame's time goes to. */
  const paints = (calls: string[]): number =>
    calls.filter((call) => /^(fill|stroke|drawImage|putImageData)/.test(call))
      .length -
    calls.filter((call) => / = /.test(call) && /^(fill|stroke)Style/.test(call))
      .length;

  it('takes as many drawing calls for any number of points', () => {
    const cloud = (n: number): Float32Array =>
      Float32Array.from({ length: 2 * n }, (_, i) => Math.sin(i * i));
    const counts = [100, 10_000].map((n) => {
      fakeImages();
      const many: PlotFrame = {
        dim: 2,
        data: cloud(n),
        samples: cloud(n),
        trail: Array.from({ length: TRAIL_LENGTH }, () => cloud(n)),
        probe: {
          x: [0, 0],
          data: Float32Array.of(1, 1),
          way: cloud(50),
        },
      };
      return FOREGROUND.filter((scene) => scene.accepts(many)).reduce(
        (sum, scene) => sum + paints(drawn(scene, many)),
        0,
      );
    });
    // A path for each age of the trails, one of samples, nine of the probe.
    expect(counts[0]).toBeLessThanOrEqual(TRAIL_LENGTH + 2 + 9);
    expect(counts[1]).toBe(counts[0]);
  });
});

describe('curves', () => {
  it('draw the loss with its mean on top', () => {
    const { calls, context } = recorder();
    drawLoss(
      context,
      {
        steps: [1, 50, 100],
        losses: [1, 0.5, 0.4],
        smooth: [1, 0.75, 0.6],
        until: 200,
      },
      234,
      126,
      theme,
    );
    expect(calls).toMatchSnapshot();
  });

  it('draw nothing but axes before the first step', () => {
    const { calls, context } = recorder();
    drawLoss(
      context,
      { steps: [], losses: [], smooth: [], until: 200 },
      234,
      126,
      theme,
    );
    expect(calls.some((call) => call === 'strokeStyle = blue')).toBe(false);
  });

  it('draw the path and where on it we are', () => {
    const { calls, context } = recorder();
    drawPath(
      context,
      { t: [0, 0.5, 1], alpha: [1, 0.6, 0], sigma: [0, 0.8, 1], position: 0.5 },
      101,
      46,
      theme,
    );
    expect(calls).toMatchSnapshot();
  });
});
