// One mark at very many places as one image: a path of ten thousand discs costs
// a browser without a GPU a tenth of a second, their pixels two milliseconds.

/** From how many places on an image is the cheaper way. */
export const MANY = 2000;

interface Mark {
  color: string;
  radius: number;
  ratio: number;
  /** Coverage of its pixels, [size, size]. */
  alpha: Uint8Array;
  size: number;
  /** Red, green and blue as the low bytes of a little-endian pixel. */
  ink: number;
}

let raster: OffscreenCanvas | null = null;
let image: ImageData | null = null;
let mark: Mark | null = null;

/**
 * Draws discs at places (pairs of pixels of the page), as large as they are on
 * the screen. Where they overlap they are one shape, as in a path.
 */
export function stampDiscs(
  context: CanvasRenderingContext2D,
  places: ArrayLike<number>,
  radius: number,
  color: string,
  { width, height }: { width: number; height: number },
): void {
  const ratio = context.canvas.width / width;
  const wide = Math.max(1, Math.round(width * ratio));
  const tall = Math.max(1, Math.round(height * ratio));
  const { alpha, size, ink } = markOf(color, radius, ratio);
  raster ??= new OffscreenCanvas(wide, tall);
  if (raster.width !== wide) raster.width = wide;
  if (raster.height !== tall) raster.height = tall;
  if (image?.width !== wide || image.height !== tall) {
    image = new ImageData(wide, tall);
  }
  const pixels = new Uint32Array(image.data.buffer);
  pixels.fill(0);
  const half = size / 2;
  for (let i = 0; i < places.length; i += 2) {
    const left = Math.round(places[i]! * ratio - half);
    const top = Math.round(places[i + 1]! * ratio - half);
    if (left < 0 || top < 0 || left + size > wide || top + size > tall) {
      continue; // Such places are drawn at the edge by another mark.
    }
    for (let row = 0; row < size; ++row) {
      let to = (top + row) * wide + left;
      for (let from = row * size; from < (row + 1) * size; ++from, ++to) {
        const cover = alpha[from]!;
        if (cover > pixels[to]! >>> 24)
          pixels[to] = ((cover << 24) | ink) >>> 0;
      }
    }
  }
  const surface = raster.getContext('2d');
  if (!surface) return;
  surface.putImageData(image, 0, 0);
  context.drawImage(raster, 0, 0, width, height);
}

/** The disc as the browser itself would draw it. */
function markOf(color: string, radius: number, ratio: number): Mark {
  if (mark?.color === color && mark.radius === radius && mark.ratio === ratio) {
    return mark;
  }
  const size = 2 * Math.ceil(radius * ratio + 0.5);
  const canvas = new OffscreenCanvas(size, size);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2D context');
  context.fillStyle = color;
  context.beginPath();
  context.arc(size / 2, size / 2, radius * ratio, 0, 2 * Math.PI);
  context.fill();
  const { data } = context.getImageData(0, 0, size, size);
  const middle = 4 * (size * (size / 2) + size / 2);
  mark = {
    color,
    radius,
    ratio,
    size,
    alpha: Uint8Array.from({ length: size * size }, (_, i) => data[4 * i + 3]!),
    ink: data[middle]! | (data[middle + 1]! << 8) | (data[middle + 2]! << 16),
  };
  return mark;
}
