// The sheet that points are drawn on, by mouse, pen, finger or keyboard. What a
// stroke does is in store/drawing.ts; here pixels become places and events
// become strokes.

import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { grid } from '../scenes/grid';
import { drawLabelled } from '../scenes/points';
import { scalesFor, type Scales } from '../scenes/scene';
import { LABELS, type Drawing } from '../store/drawing';
import { number, t } from '../strings';
import { shared } from '../styles/shared';
import { Painter, prepare } from './surface';

export type Tool = 'brush' | 'eraser';

/** Arrow keys move by this part of the sheet, with Shift by a fifth of it. */
const KEY_STEP = 1 / 60;
const FINE = 1 / 5;

@customElement('unnoise-drawing-canvas')
export class DrawingCanvasElement extends LitElement {
  @property({ attribute: false }) drawing!: Drawing;
  @property() tool: Tool = 'brush';
  /** Part of half of the sheet's side. */
  @property({ type: Number }) size = 0.1;
  @property({ type: Number }) flow = 4;
  @property({ type: Number }) label = 0;

  @query('canvas') private canvas!: HTMLCanvasElement;
  /** The pointer that draws; others are left alone. */
  @state() private pointer: number | null = null;
  /** Where the brush hovers, or the keyboard's cross-hair is; data units. */
  private hover: { x: number; y: number } | null = null;
  private cross: { x: number; y: number } | null = null;
  private waiting = false;

  private readonly painter = new Painter(this, () => {
    this.draw();
  });

  override updated(): void {
    this.draw();
  }

  /** Draws once before the next picture, however much happens until then. */
  drawSoon(): void {
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      if (this.isConnected) this.draw();
    });
  }

  override focus(): void {
    this.canvas.focus();
  }

  private get radius(): number {
    return this.size * this.drawing.area.reach;
  }

  private scales(width: number, height: number): Scales {
    return scalesFor(this.drawing.area, width, height);
  }

  private draw(): void {
    const surface = prepare(this.canvas);
    if (!surface) return;
    const { context, width, height } = surface;
    const { dots, area } = this.drawing;
    const scales = this.scales(width, height);
    const { theme } = this.painter;
    const frame = { dim: 2, data: dots.values, samples: null, trail: [] };
    grid.draw(context, frame, scales, theme);
    drawLabelled(context, { ...frame, labels: dots.labels }, scales);
    context.strokeStyle = theme.ink;
    context.lineWidth = 1;
    const at = this.cross ?? this.hover;
    if (at) {
      context.globalAlpha = this.tool === 'eraser' ? 0.9 : 0.45;
      context.setLineDash(this.tool === 'eraser' ? [4, 3] : []);
      context.beginPath();
      const radius = Math.max(2, this.radius * scales.zoom);
      context.arc(scales.x(at.x), scales.y(at.y), radius, 0, 2 * Math.PI);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
    if (this.cross) {
      const x = Math.round(scales.x(this.cross.x)) + 0.5;
      const y = Math.round(scales.y(this.cross.y)) + 0.5;
      const arm = area.reach * scales.zoom;
      context.globalAlpha = 0.6;
      context.beginPath();
      context.moveTo(x - arm, y);
      context.lineTo(x + arm, y);
      context.moveTo(x, y - arm);
      context.lineTo(x, y + arm);
      context.stroke();
      context.globalAlpha = 1;
    }
  }

  private placeOf(event: PointerEvent): { x: number; y: number } {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { x, y, reach } = this.drawing.area;
    const unit = (2 * reach) / Math.min(width, height);
    return {
      x: x + unit * (event.clientX - left - width / 2),
      y: y - unit * (event.clientY - top - height / 2),
    };
  }

  private changed(said = ''): void {
    this.drawSoon();
    this.dispatchEvent(new CustomEvent('drawn', { detail: said }));
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (this.pointer !== null || event.button !== 0) return;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.cross = null;
    const { x, y } = (this.hover = this.placeOf(event));
    const { drawing } = this;
    drawing.begin(x, y);
    if (this.tool === 'eraser') drawing.erase(x, y, this.radius);
    else drawing.dab(this.brush);
    this.changed();
  };

  private readonly onMove = (event: PointerEvent): void => {
    this.hover = this.placeOf(event);
    if (event.pointerId === this.pointer) {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length > 0 ? events : [event]) {
        const { x, y } = this.placeOf(one);
        if (this.tool === 'eraser') this.drawing.erase(x, y, this.radius);
        else this.drawing.spray(x, y, this.brush);
      }
      this.changed();
    } else {
      this.drawSoon();
    }
  };

  private readonly onUp = (event: PointerEvent): void => {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.drawing.end();
    if (event.pointerType !== 'mouse') this.hover = null;
    this.changed(this.counted());
  };

  private get brush() {
    return { radius: this.radius, flow: this.flow, label: this.label };
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { drawing, label, cross } = this;
    const { x, y, reach } = drawing.area;
    const at = cross ?? { x, y };
    const way = ARROWS[event.key];
    const digit = /^\d$/.test(event.key) ? Number(event.key) : NaN;
    if (way) {
      const step = 2 * reach * KEY_STEP * (event.shiftKey ? FINE : 1);
      this.cross = {
        x: Math.min(x + reach, Math.max(x - reach, at.x + step * way[0])),
        y: Math.min(y + reach, Math.max(y - reach, at.y + step * way[1])),
      };
      this.say(this.where());
      this.drawSoon();
    } else if (event.key === ' ') {
      drawing.place(at.x, at.y, label);
      this.changed(
        drawing.full ? this.counted() : `${this.where()} ${this.counted()}`,
      );
    } else if (event.key === 'Enter') {
      drawing.begin(at.x, at.y);
      drawing.dab(this.brush);
      drawing.end();
      this.changed(this.counted());
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      drawing.begin(at.x, at.y);
      drawing.erase(at.x, at.y, this.radius);
      drawing.end();
      this.changed(this.counted());
    } else if (digit < LABELS) {
      this.dispatchEvent(new CustomEvent('label', { detail: digit }));
    } else {
      return;
    }
    event.preventDefault();
  };

  private say(said: string): void {
    this.dispatchEvent(new CustomEvent('said', { detail: said }));
  }

  private where(): string {
    const { x, y } = this.cross ?? this.drawing.area;
    return t('draw.at', { x: number(x, 2), y: number(y, 2) });
  }

  private counted(): string {
    const { count, full } = this.drawing;
    return t(full ? 'draw.full' : 'draw.counted', { count });
  }

  override render() {
    return html`<canvas
      tabindex="0"
      role="application"
      aria-label=${t('draw.sheet')}
      aria-roledescription=${t('draw.sheetRole')}
      @pointerdown=${this.onDown}
      @pointermove=${this.onMove}
      @pointerup=${this.onUp}
      @pointercancel=${this.onUp}
      @pointerleave=${() => {
        this.hover = null;
        this.drawSoon();
      }}
      @keydown=${this.onKey}
      @focus=${() => {
        if (!this.canvas.matches(':focus-visible')) return;
        const { x, y } = this.drawing.area;
        this.cross ??= { x, y };
        this.drawSoon();
      }}
      @blur=${() => {
        this.cross = null;
        this.drawSoon();
      }}
    ></canvas>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        aspect-ratio: 1;
        overflow: hidden;
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--surface);
      }
      canvas {
        width: 100%;
        height: 100%;
        border-radius: 13px;
        cursor: crosshair;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
        -webkit-touch-callout: none;
      }
      canvas:focus-visible {
        outline-offset: -3px;
      }
    `,
  ];
}

const ARROWS: Record<string, [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
