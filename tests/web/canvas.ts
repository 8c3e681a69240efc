// Canvases for tests of what is drawn: what is asked of them, written down.

import { vi } from 'vitest';

export const theme = {
  ink: 'ink',
  muted: 'muted',
  surface: 'surface',
  line: 'line',
  data: 'blue',
  samples: 'orange',
  truth: 'green',
  font: 'sans',
};

/** A context that writes down what is asked of it. */
export function recorder(): {
  calls: string[];
  context: CanvasRenderingContext2D;
} {
  const calls: string[] = [];
  const short = (value: unknown): string =>
    typeof value === 'number'
      ? String(Math.round(100 * value) / 100)
      : String(value);
  const context = new Proxy({} as CanvasRenderingContext2D, {
    get: (_, name) =>
      name === 'canvas'
        ? { width: 200, height: 100 }
        : (...values: unknown[]) => {
            calls.push(`${String(name)} ${values.map(short).join(' ')}`.trim());
          },
    set: (_, name, value) => {
      calls.push(`${String(name)} = ${short(value)}`);
      return true;
    },
  });
  return { calls, context };
}

/** Stands in for images off the screen; those that were put, in order. */
export function fakeImages(): ImageData[] {
  const images: ImageData[] = [];
  class FakeImage {
    readonly data: Uint8ClampedArray;
    constructor(
      readonly width: number,
      readonly height: number,
    ) {
      this.data = new Uint8ClampedArray(4 * width * height).fill(0);
    }
  }
  class FakeCanvas {
    constructor(
      public width: number,
      public height: number,
    ) {}
    getContext = () => ({
      beginPath: () => undefined,
      arc: () => undefined,
      fill: () => undefined,
      getImageData: () => {
        const image = new FakeImage(this.width, this.height);
        image.data.fill(255);
        return image;
      },
      putImageData: (image: ImageData) => images.push(image),
    });
  }
  vi.stubGlobal('OffscreenCanvas', FakeCanvas);
  vi.stubGlobal('ImageData', FakeImage);
  return images;
}
