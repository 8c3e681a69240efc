// How often values occur, for points with one coordinate: data as a filled
// outline, samples as a line over it.

import type { PlotFrame, Scales, Scene, Theme } from './scene';

const BINS = 64;
const BASE = 0.54;
const TALLEST = 0.46;

/** Shares of the values in equal bins over the plot's width. */
export function shares(values: Float32Array, scales: Scales): Float64Array {
  const counts = new Float64Array(BINS);
  for (const value of values) {
    const bin = Math.floor((scales.x(value) / scales.width) * BINS);
    if (bin >= 0 && bin < BINS) counts[bin]! += 1 / values.length;
  }
  return counts;
}

function outline(
  context: CanvasRenderingContext2D,
  heights: Float64Array,
  tallest: number,
  { width, height }: Scales,
): void {
  const wide = width / BINS;
  context.beginPath();
  context.moveTo(0, BASE * height);
  heights.forEach((share, bin) => {
    const y = (BASE - (TALLEST * share) / tallest) * height;
    context.lineTo(bin * wide, y);
    context.lineTo((bin + 1) * wide, y);
  });
  context.lineTo(width, BASE * height);
}

/** One histogram of the pair; both share the data's height. */
function histogram(id: 'data' | 'samples'): Scene {
  const valuesOf = (frame: PlotFrame): Float32Array =>
    (id === 'data' ? frame.data : frame.samples) ?? new Float32Array();
  return {
    id,
    accepts: (frame) => frame.dim === 1 && valuesOf(frame).length > 0,
    defaults: { shown: true },
    draw(context, frame, scales, theme: Theme) {
      const heights = shares(valuesOf(frame), scales);
      const tallest = 1.25 * Math.max(...shares(frame.data, scales));
      if (!(tallest > 0)) return;
      outline(
        context,
        heights.map((h) => Math.min(h, tallest)),
        tallest,
        scales,
      );
      if (id === 'data') {
        context.fillStyle = theme.data;
        context.globalAlpha = 0.3;
        context.fill();
        context.globalAlpha = 1;
      } else {
        context.strokeStyle = theme.samples;
        context.lineWidth = 1.5;
        context.stroke();
      }
    },
  };
}

export const dataHistogram = histogram('data');
export const sampleHistogram = histogram('samples');
