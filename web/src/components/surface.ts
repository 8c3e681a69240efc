// A canvas that is as large as its element, sharp on any screen, and drawn in
// the page's colours; a Painter keeps it so. Drawing itself is left to scenes.

import type { LitElement, ReactiveController } from 'lit';
import type { Theme } from '../scenes/scene';

/** More pixels than this are not seen, only paid for. */
const MAX_RATIO = 2;

export interface Surface {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
}

/** Makes the canvas fit its element and wipes it; null while it has no size. */
export function prepare(canvas: HTMLCanvasElement): Surface | null {
  const { clientWidth: width, clientHeight: height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0 || height === 0) return null;
  const ratio = Math.min(MAX_RATIO, devicePixelRatio || 1);
  const wide = Math.round(width * ratio);
  const tall = Math.round(height * ratio);
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== tall) canvas.height = tall;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/** Draws a component's canvases anew when its size or the colours change. */
export class Painter implements ReactiveController {
  private colours: Theme | null = null;
  private readonly resize = new ResizeObserver(() => {
    this.draw();
  });
  private stop = (): void => undefined;

  constructor(
    private readonly host: LitElement,
    private readonly draw: () => void,
  ) {
    host.addController(this);
  }

  get theme(): Theme {
    return (this.colours ??= themeOf(this.host));
  }

  hostConnected(): void {
    this.resize.observe(this.host);
    this.stop = onLookChange(() => {
      this.colours = null;
      this.draw();
    });
  }

  hostDisconnected(): void {
    this.resize.disconnect();
    this.stop();
  }
}

/** The colours that the element's style gives to plots. */
function themeOf(element: Element): Theme {
  const style = getComputedStyle(element);
  // light-dark() is only resolved in a real property, so one is borrowed.
  const probe = document.createElement('i');
  element.shadowRoot?.append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const theme: Theme = {
    ink: color('--ink'),
    muted: color('--plot-label'),
    surface: color('--surface'),
    line: color('--plot-grid'),
    data: color('--plot-data'),
    samples: color('--plot-samples'),
    truth: color('--plot-truth'),
    font: `11px ${style.getPropertyValue('--sans')}`,
  };
  probe.remove();
  return theme;
}

/** Calls back whenever light turns to dark, by flag or by system, or the screen's density changes. */
function onLookChange(callback: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(resolution: 1dppx)'].map(
    (query) => matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', callback);
  const theme = new MutationObserver(callback);
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    theme.disconnect();
    for (const query of queries) query.removeEventListener('change', callback);
  };
}
