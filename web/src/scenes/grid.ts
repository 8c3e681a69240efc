// Axes: a faint grid at round numbers with labels along two edges.

import type { Scene } from './scene';

const LABEL_GAP = 6;
const LEAST_TICK_PX = 76;

/** Round numbers (1, 2, 5 times a power of ten) from low to high. */
export function ticks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((m) => m * power >= rough) ?? 10);
  // A tick that rounding alone puts outside still counts.
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(places)),
  );
}

export const grid: Scene = {
  id: 'grid',
  accepts: () => true,
  defaults: { shown: true },
  draw(context, { dim }, scales, theme) {
    const { width, height, zoom } = scales;
    const axes = dim > 1 ? (['x', 'y'] as const) : (['x'] as const);
    context.lineWidth = 1;
    context.font = theme.font;
    for (const axis of axes) {
      const length = axis === 'x' ? width : height;
      const origin = scales[axis](0);
      const low = axis === 'x' ? -origin / zoom : (origin - height) / zoom;
      const high = low + length / zoom;
      for (const value of ticks(low, high, length / LEAST_TICK_PX)) {
        const at = Math.round(scales[axis](value)) + 0.5;
        context.strokeStyle = theme.line;
        context.beginPath();
        context.moveTo(axis === 'x' ? at : 0, axis === 'x' ? 0 : at);
        context.lineTo(axis === 'x' ? at : width, axis === 'x' ? height : at);
        context.stroke();
        if (at < 28 || at > length - 28) continue;
        context.fillStyle = theme.muted;
        context.textAlign = axis === 'x' ? 'center' : 'left';
        context.textBaseline = axis === 'x' ? 'bottom' : 'middle';
        context.fillText(
          String(value).replace('-', '\u2212'),
          axis === 'x' ? at : LABEL_GAP,
          axis === 'x' ? height - LABEL_GAP : at,
        );
      }
    }
  },
};
