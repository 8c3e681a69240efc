// How far the model would move each point, as a map in the sequential ramp. The
// numbers are interpolated between nodes, not the colours, so each colour is
// one of the legend's. The map is one image.

import { scaleOf } from './field-scale';
import { paint, RAMP_ALPHA } from './ramp';
import type { Scene } from './scene';

/** Pixels of the page to one of the image. */
const COARSE = 4;
/** With one coordinate: behind the strips of data and of samples. */
const STRIP_TOP = 0.56;
const STRIP_HEIGHT = 0.32;

let raster: OffscreenCanvas | null = null;

export const heat: Scene = {
  id: 'heat',
  accepts: ({ field }) => Boolean(field),
  defaults: { shown: false },
  draw(context, { field }, scales) {
    if (!field) return;
    const { window, nx, ny } = field;
    const { lengths, most } = scaleOf(field);
    const [left, right, bottom, top] = window;
    const flat = ny === 1;
    const wide = Math.ceil(scales.width / COARSE);
    const tall = flat ? 1 : Math.ceil(scales.height / COARSE);
    raster ??= new OffscreenCanvas(wide, tall);
    raster.width = wide;
    raster.height = tall;
    const image = new ImageData(wide, tall);

    const [startX, endX] = [scales.x(left), scales.x(right)];
    const [startY, endY] = flat ? [0, 1] : [scales.y(bottom), scales.y(top)];
    const columns = Array.from({ length: wide }, (_, column) =>
      place((column + 0.5) * COARSE, startX, endX, nx),
    );
    for (let row = 0; row < tall; ++row) {
      const [low, up] = flat
        ? [0, 0]
        : place((row + 0.5) * COARSE, startY, endY, ny);
      for (let column = 0; column < wide; ++column) {
        const [west, east] = columns[column]!;
        const along = (j: number): number => {
          const from = lengths[j * nx + west]!;
          const to = lengths[j * nx + Math.min(west + 1, nx - 1)]!;
          return from + east * (to - from);
        };
        const below = along(low);
        const length = below + up * (along(Math.min(low + 1, ny - 1)) - below);
        paint(image.data, 4 * (row * wide + column), length / most);
      }
    }
    raster.getContext('2d')?.putImageData(image, 0, 0);
    context.globalAlpha = RAMP_ALPHA;
    context.imageSmoothingEnabled = true;
    const y = flat ? STRIP_TOP * scales.height : 0;
    const height = flat ? STRIP_HEIGHT * scales.height : tall * COARSE;
    context.drawImage(raster, 0, y, wide * COARSE, height);
    context.globalAlpha = 1;
  },
};

/** Which of n nodes from start to end lies before a pixel, and how far on it is. */
function place(
  pixel: number,
  start: number,
  end: number,
  n: number,
): [number, number] {
  const at = ((pixel - start) / (end - start)) * (n - 1);
  const clamped = Math.min(n - 1, Math.max(0, at));
  const node = Math.floor(clamped);
  return [node, clamped - node];
}
