// The probed point: a ring where it is, a dashed line to the data it is taken
// for (a cross), and the way that the sampler would take it, to a square among
// the data. Differ by shape, not by colour alone.

import type { Scales, Scene } from './scene';

const RING = 6;
const CROSS = 5;
const END = 7;
/** With one coordinate the way rises from the samples to the data. */
const FROM = 0.8;
const TO = 0.64;

export const probe: Scene = {
  id: 'probe',
  accepts: (frame) => Boolean(frame.probe),
  defaults: { shown: true },
  draw(context, { dim, probe }, scales, theme) {
    if (!probe) return;
    const place = (values: ArrayLike<number>, at: number, part: number) =>
      placeOf(values, at * dim, dim, part, scales);
    const [x, y] = place(probe.x, 0, 0);
    const states = probe.way.length / dim;
    context.lineJoin = 'round';

    context.beginPath();
    context.moveTo(x, y);
    for (let i = 1; i < states; ++i) {
      context.lineTo(...place(probe.way, i, i / (states - 1)));
    }
    outlined(theme.samples, 2);

    const [dataX, dataY] = place(probe.data, 0, 1);
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(dataX, dataY);
    context.strokeStyle = theme.ink;
    context.lineWidth = 1.25;
    context.stroke();
    context.setLineDash([]);

    context.beginPath();
    context.moveTo(dataX - CROSS, dataY - CROSS);
    context.lineTo(dataX + CROSS, dataY + CROSS);
    context.moveTo(dataX - CROSS, dataY + CROSS);
    context.lineTo(dataX + CROSS, dataY - CROSS);
    outlined(theme.ink, 2);

    const [endX, endY] = place(probe.way, states - 1, states > 1 ? 1 : 0);
    context.beginPath();
    context.rect(endX - END / 2, endY - END / 2, END, END);
    outlined(theme.samples, 2);
    context.beginPath();
    context.arc(x, y, RING, 0, 2 * Math.PI);
    outlined(theme.ink, 2);

    /** The path in a colour, on an edge of the surface's. */
    function outlined(color: string, width: number): void {
      context.strokeStyle = theme.surface;
      context.lineWidth = width + 2.5;
      context.stroke();
      context.strokeStyle = color;
      context.lineWidth = width;
      context.stroke();
    }
  },
};

function placeOf(
  values: ArrayLike<number>,
  at: number,
  dim: number,
  part: number,
  scales: Scales,
): [number, number] {
  const x = scales.x(values[at]!);
  if (dim > 1) return [x, scales.y(values[at + 1]!)];
  return [x, scales.height * (FROM + part * (TO - FROM))];
}
