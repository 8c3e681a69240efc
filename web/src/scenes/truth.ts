// What the exact denoiser makes of the same start points: crosses, so that they
// are told from data and samples by shape as well as by colour.

import { eachPoint } from './points';
import type { Scene } from './scene';

const ARM = 2.6;

export const truth: Scene = {
  id: 'truth',
  accepts: (frame) => (frame.truth?.length ?? 0) > 0,
  defaults: { shown: false },
  draw(context, { truth, dim }, scales, theme) {
    if (!truth) return;
    context.strokeStyle = theme.truth;
    context.lineWidth = 1.2;
    context.beginPath();
    eachPoint(truth, dim, scales, 'truth', (x, y) => {
      context.moveTo(x - ARM, y - ARM);
      context.lineTo(x + ARM, y + ARM);
      context.moveTo(x - ARM, y + ARM);
      context.lineTo(x + ARM, y - ARM);
    });
    context.stroke();
  },
};
