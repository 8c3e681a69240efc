// A canvas' context for tests of what is drawn: calls and settings as texts,
// numbers rounded.

import type { Theme } from '../../web/src/scenes/scene';

export const theme: Theme = {
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
