// The probe on the plot: a cross-hair that pointers drag and arrow keys move,
// and a card of what the model makes of its point. Its lines are a scene
// (scenes/probe.ts).

import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Scales, Window } from '../scenes/scene';
import type { LabState } from '../store/state';
import { number, t, type Key } from '../strings';
import { shared } from '../styles/shared';
import * as icons from './icons';

/** Pixels of one press of an arrow key, and with Shift. */
const STRIDE = 8;
const LONG_STRIDE = 40;

const KEYS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

@customElement('unnoise-probe')
export class ProbeElement extends LitElement {
  @property({ attribute: false }) state!: LabState;
  @property({ attribute: false }) scales: Scales | null = null;
  @property({ attribute: false }) window!: Window;

  @query('.handle') private handle!: HTMLElement | null;
  private dragging = false;

  private get place(): [x: number, y: number] {
    const { x, y } = this.window;
    const at = this.state.probe?.x;
    return [at?.[0] ?? x, at?.[1] ?? y];
  }

  private put(x: number, y: number): void {
    const { scales, window } = this;
    if (!scales) return;
    const [wide, tall] = [scales.width, scales.height].map(
      (pixels) => pixels / (2 * scales.zoom),
    );
    const within = (value: number, middle: number, half: number): number =>
      Math.min(middle + half, Math.max(middle - half, value));
    const place = [within(x, window.x, wide!), within(y, window.y, tall!)];
    this.tell(place.slice(0, Math.min(2, this.state.dim)));
  }

  private tell(detail: number[] | null): void {
    this.dispatchEvent(
      new CustomEvent('probe', { detail, bubbles: true, composed: true }),
    );
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const { scales } = this;
    const way = KEYS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !scales) return;
    if (event.key === 'Escape' && this.state.probe) {
      this.tell(null);
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.put(...this.place);
    } else if (way) {
      const stride = (event.shiftKey ? LONG_STRIDE : STRIDE) / scales.zoom;
      const [x, y] = this.place;
      this.put(x + stride * way[0], y + stride * way[1]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onPointer = (event: PointerEvent): void => {
    const { scales, handle, window } = this;
    if (!scales || !handle) return;
    if (event.type === 'pointerdown') {
      this.dragging = event.button === 0;
      if (this.dragging) handle.setPointerCapture(event.pointerId);
    } else if (event.type !== 'pointermove') {
      this.dragging = false;
    } else if (this.dragging) {
      const box = this.getBoundingClientRect();
      this.put(
        window.x + (event.clientX - box.left - box.width / 2) / scales.zoom,
        window.y - (event.clientY - box.top - box.height / 2) / scales.zoom,
      );
    }
  };

  override updated(changed: PropertyValues<this>): void {
    // Placed by a pointer or a key of the page: the arrow keys go on from here.
    const before = changed.get('state');
    if (before && !before.probe && this.state.probe) {
      this.handle?.focus({ preventScroll: true });
    }
  }

  override render() {
    const { scales, state } = this;
    if (!scales || state.phase !== 'ready') return '';
    const { probe } = state;
    const [x, y] = this.place;
    const [left, top] = [
      scales.x(x),
      state.dim > 1 ? scales.y(y) : 0.8 * scales.height,
    ];
    const label = probe
      ? t('probe.handle', { x: pair(probe.x) })
      : t('probe.none');
    return html`
      <button
        class="handle ${probe ? '' : 'absent'}"
        style="left:${left}px;top:${top}px"
        aria-label=${label}
        @keydown=${this.onKey}
        @pointerdown=${this.onPointer}
        @pointermove=${this.onPointer}
        @pointerup=${this.onPointer}
        @pointercancel=${this.onPointer}
      ></button>
      ${probe?.found ? this.card(left < scales.width / 2) : ''}
    `;
  }

  private card(right: boolean) {
    const { found } = this.state.probe!;
    if (!found) return '';
    const { x, t: time, data, noise, next, nextT } = found;
    const row = (name: unknown, value: string, about?: Key) =>
      html`<div>
        <dt>
          <i>${name}</i
          >${about ? html`<span class="unseen"> ${t(about)}</span>` : ''}
        </dt>
        <dd>${value}</dd>
      </div>`;
    return html`<section
      class="card ${right ? 'right' : 'left'}"
      aria-label=${t('probe.title')}
    >
      <dl class="number">
        ${row('x', pair(x))} ${row('t', time.toFixed(3))}
        ${row('x̂₀', pair(data), 'probe.data')}
        ${row('ε̂', pair(noise), 'probe.noise')}
        <div class="next">
          <dt>
            ${
              nextT < time
                ? t('probe.next', { t: nextT.toFixed(3) })
                : t('probe.end')
            }
          </dt>
          <dd>${nextT < time ? pair(next) : ''}</dd>
        </div>
      </dl>
      <button
        class="plain close"
        aria-label=${t('probe.close')}
        title=${t('probe.close')}
        @click=${() => {
          this.tell(null);
        }}
      >
        ${icons.close}
      </button>
    </section>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        position: absolute;
        inset: 0;
        overflow: hidden;
        pointer-events: none;
      }
      .handle {
        position: absolute;
        width: 44px;
        height: 44px;
        margin: -22px 0 0 -22px;
        padding: 0;
        border: 0;
        border-radius: 50%;
        background: none;
        cursor: grab;
        pointer-events: auto;
        touch-action: none;
      }
      .handle:hover:not(:disabled),
      .handle:active {
        background: none;
      }
      .handle:active {
        cursor: grabbing;
      }
      .handle.absent {
        pointer-events: none;
      }
      .handle.absent:focus-visible::before,
      .handle.absent:focus-visible::after {
        content: '';
        position: absolute;
        background: var(--ink);
      }
      .handle.absent:focus-visible::before {
        inset: 21.25px 8px;
      }
      .handle.absent:focus-visible::after {
        inset: 8px 21.25px;
      }
      .card {
        position: absolute;
        bottom: 26px;
        max-width: calc(50% - 12px);
        padding: 8px 10px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: color-mix(in srgb, var(--surface), transparent 4%);
        font-size: 0.8125rem;
        line-height: 1.5;
        pointer-events: auto;
      }
      .card.left {
        left: 30px;
      }
      .card.right {
        right: 8px;
      }
      dl div {
        display: flex;
        gap: 8px;
      }
      dl div:first-child {
        padding-right: 34px;
      }
      dt {
        min-width: 18px;
        color: var(--muted);
      }
      dt i {
        font-family: Georgia, 'Times New Roman', 'DejaVu Serif', serif;
      }
      dd {
        white-space: nowrap;
      }
      .next {
        flex-wrap: wrap;
        column-gap: 8px;
        row-gap: 0;
        margin-top: 3px;
        padding-top: 3px;
        border-top: 1px solid var(--line);
      }
      .close {
        position: absolute;
        top: 0;
        right: 0;
        padding: 0;
      }
    `,
  ];
}

/** "(0.41, −0.20)", or one number; of many coordinates the first two. */
function pair(values: ArrayLike<number>): string {
  const shown = Array.from(values)
    .slice(0, 2)
    .map((value) =>
      Math.abs(value) < 1000
        ? value.toFixed(2).replace('-', '\u2212')
        : number(value, 2),
    );
  return shown.length > 1 ? `(${shown.join(', ')})` : shown.join('');
}
