// Where the particles have just been: a thin tail that fades with age.

import { eachPoint } from './points';
import type { Scene } from './scene';

/** Frames of the past that a tail shows. */
export const TRAIL_LENGTH = 9;
/** Of more particles than this, evenly many have tails: all would be a blur. */
const MOST_TAILS = 1000;

export const trails: Scene = {
  id: 'trails',
  accepts: (frame) => frame.samples !== null && frame.trail.length > 0,
  defaults: { shown: true },
  draw(context, { dim, samples, trail }, scales, theme) {
    if (!samples) return;
    const each = Math.ceil(samples.length / dim / MOST_TAILS);
    context.strokeStyle = theme.samples;
    context.lineWidth = 1;
    let newer = places(samples);
    trail.forEach((frame, age) => {
      const older = places(frame);
      context.globalAlpha = 0.5 * (1 - age / trail.length) ** 1.5;
      context.beginPath();
      for (let i = 0; i < older.length; i += 2) {
        // Nothing of interest happens along the edge.
        if (Number.isNaN(newer[i]) || Number.isNaN(older[i])) continue;
        context.moveTo(newer[i]!, newer[i + 1]!);
        context.lineTo(older[i]!, older[i + 1]!);
      }
      context.stroke();
      newer = older;
    });
    context.globalAlpha = 1;

    function places(values: Float32Array): number[] {
      const found: number[] = [];
      const add = (x: number, y: number, inside: boolean): void => {
        found.push(inside ? x : NaN, y);
      };
      eachPoint(values, dim, scales, 'samples', add, each);
      return found;
    }
  },
};
