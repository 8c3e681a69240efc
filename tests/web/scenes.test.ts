// Scenes by what they draw: calls on a recording context, numbers rounded.

import { describe, expect, it } from 'vitest';
import { BACKGROUND, FOREGROUND } from '../../web/src/scenes';
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
import { trails } from '../../web/src/scenes/trails';

const theme = {
  ink: 'ink',
  muted: 'muted',
  line: 'line',
  data: 'blue',
  samples: 'orange',
  font: 'sans',
};
const frame: PlotFrame = {
  dim: 2,
  data: Float32Array.of(-1, 0, 1, 0.5),
  samples: Float32Array.of(0, 0, 0.5, -0.5),
  trail: [Float32Array.of(0.25, 0, 0.5, 0), Float32Array.of(0.5, 0.25, 1, 0)],
};
const scales = scalesFor({ x: 0, y: 0, reach: 2 }, 200, 100);

/** A context that writes down what is asked of it. */
function recorder(): { calls: string[]; context: CanvasRenderingContext2D } {
  const calls: string[] = [];
  const short = (value: unknown): string =>
    typeof value === 'number'
      ? String(Math.round(100 * value) / 100)
      : String(value);
  const context = new Proxy({} as CanvasRenderingContext2D, {
    get:
      (_, name) =>
      (...values: unknown[]) => {
        calls.push(`${String(name)} ${values.map(short).join(' ')}`.trim());
      },
    set: (_, name, value) => {
      calls.push(`${String(name)} = ${short(value)}`);
      return true;
    },
  });
  return { calls, context };
}

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

describe('scenes', () => {
  it('have each a name, and draw only what there is', () => {
    const empty: PlotFrame = {
      dim: 2,
      data: new Float32Array(),
      samples: null,
      trail: [],
    };
    const all = [...BACKGROUND, ...FOREGROUND];
    expect(all.map(({ id }) => id)).toEqual([
      'grid',
      'data',
      'data',
      'trails',
      'samples',
      'samples',
    ]);
    expect(all.filter((scene) => scene.accepts(empty))).toEqual([grid]);
    expect(all.every((scene) => scene.defaults.shown)).toBe(true);
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
    expect(calls.filter((call) => call.startsWith('fill')).length).toBe(2); // style and path
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
    expect(calls.filter((call) => call.startsWith('fillRect'))).toEqual([
      'fillRect 196.25 49.25 1.5 1.5',
      'fillRect 52.25 2.25 1.5 1.5',
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
