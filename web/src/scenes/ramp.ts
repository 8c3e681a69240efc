// The sequential colour ramp of maps, as in the files that the command line
// draws: dark to light, so that it reads without colour vision too.

import ramps from '../../../core/picture/ramps.json';

/** Maps lie under points and let the surface through. */
export const RAMP_ALPHA = 0.4;

const STOPS = ramps.sequential.map((color) =>
  [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)),
);
const SHADES = 256;

/** Red, green and blue of evenly many shades from low to high. */
const TABLE = Uint8ClampedArray.from({ length: 3 * SHADES }, (_, i) => {
  const at = (Math.floor(i / 3) / (SHADES - 1)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  const [low, high] = [STOPS[below]![i % 3]!, STOPS[below + 1]![i % 3]!];
  return Math.round(low + (at - below) * (high - low));
});

/** Writes the colour at part in [0, 1], opaque, to four bytes of an image. */
export function paint(
  image: Uint8ClampedArray,
  at: number,
  part: number,
): void {
  const shade = 3 * Math.round((SHADES - 1) * Math.min(1, Math.max(0, part)));
  image[at] = TABLE[shade]!;
  image[at + 1] = TABLE[shade + 1]!;
  image[at + 2] = TABLE[shade + 2]!;
  image[at + 3] = 255;
}

/** The ramp from left to right as a style's background. */
export const RAMP_STYLE = `linear-gradient(90deg, ${ramps.sequential.join(', ')})`;
