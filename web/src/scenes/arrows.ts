// Where the model would move each point: arrows from the nodes of a field
// towards the predicted data. Their lengths are true to each other up to a cap
// that the legend states. All of them are one path.

import { longestPixels, scaleOf } from './field-scale';
import type { Scene } from './scene';

/** Shorter ones would be specks. */
const LEAST_PIXELS = 1;
const HEAD_PIXELS = 5;
/** Of the shaft, where the shaft is short. */
const HEAD_PART = 0.45;
/** Half the head's width to its length. */
const SLIM = 0.5;
/** With one coordinate: between the strips of data and of samples. */
const LINE_AT = 0.72;

export const arrows: Scene = {
  id: 'arrows',
  accepts: ({ field }) => Boolean(field),
  defaults: { shown: false },
  draw(context, { field }, scales, theme) {
    if (!field) return;
    const { window, nx, ny, axes, values } = field;
    const { cap } = scaleOf(field);
    const [left, right, bottom, top] = window;
    const longest = longestPixels(field, scales.zoom);
    context.strokeStyle = theme.ink;
    context.globalAlpha = 0.6;
    context.lineWidth = 1.2;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    for (let i = 0; i < nx * ny; ++i) {
      const dx = values[i * axes]!;
      const dy = axes > 1 ? -values[i * axes + 1]! : 0; // Pixels go down.
      const size = Math.hypot(dx, dy);
      const pixels = longest * Math.min(1, size / cap);
      if (!(pixels >= LEAST_PIXELS)) continue;
      const x = scales.x(left + ((right - left) * (i % nx)) / (nx - 1));
      const row = Math.floor(i / nx);
      const y =
        axes > 1
          ? scales.y(bottom + ((top - bottom) * row) / (ny - 1))
          : scales.height * LINE_AT;
      const [ux, uy] = [dx / size, dy / size];
      const [tipX, tipY] = [x + pixels * ux, y + pixels * uy];
      const head = Math.min(HEAD_PIXELS, HEAD_PART * pixels);
      const [backX, backY] = [tipX - head * ux, tipY - head * uy];
      const [outX, outY] = [-SLIM * head * uy, SLIM * head * ux];
      context.moveTo(x, y);
      context.lineTo(tipX, tipY);
      context.moveTo(backX + outX, backY + outY);
      context.lineTo(tipX, tipY);
      context.lineTo(backX - outX, backY - outY);
    }
    context.stroke();
    context.globalAlpha = 1;
    context.lineCap = 'butt';
  },
};
