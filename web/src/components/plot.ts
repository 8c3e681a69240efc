// The plot: a canvas for what stays, one for what moves, two more for a field
// while it is shown, and what stands on them as elements.

import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { BACKGROUND, FOREGROUND, MIDDLE, UNDERGROUND } from '../scenes';
import {
  scalesFor,
  windowOf,
  type PlotFrame,
  type Scales,
  type Scene,
  type Window,
} from '../scenes/scene';
import type { Look } from '../store/field';
import { isHidden, isLocked } from '../store/flags';
import { LAYERS, type Layer } from '../store/link';
import { recordingOf, type LabState } from '../store/state';
import { t } from '../strings';
import { shared } from '../styles/shared';
import './field-bar';
import './layers';
import { movingFrame } from './plot-frame';
import { plotInWords } from './plot-words';
import './probe';
import { Painter, prepare } from './surface';

/** Live samples glide to their next place with this half-life. */
const GLIDE_MS = 70;
/** What the moving part of the picture is made of. */
const MOVED_BY: (keyof LabState)[] = [
  ...(['data', 'dim', 'view', 'mode', 'live'] as const),
  ...(['recordings', 'position', 'probe'] as const),
];
/** The description in words is renewed at most this often. */
const WORDS_MS = 1000;
/** Pixels from node to node of a field, and the most nodes along an axis. */
const NODE_PIXELS = 25;
const MAX_NODES = 64;

@customElement('unnoise-plot')
export class PlotElement extends LitElement {
  @property({ attribute: false }) state!: LabState;
  @property({ attribute: false }) dataTitle = '';

  @query('.back') private back!: HTMLCanvasElement;
  @query('.front') private front!: HTMLCanvasElement;
  @query('.under') private under!: HTMLCanvasElement | null;
  @query('.middle') private middle!: HTMLCanvasElement | null;

  private window: Window = { x: 0, y: 0, reach: 1 };
  private shown: Float32Array | null = null;
  private gliding = false;
  private inWords = '';
  private wordsAt = -Infinity;
  private wordsLater: ReturnType<typeof setTimeout> | undefined;
  private wordsOf: Float32Array | null = null;
  private look = '';
  private readonly painter = new Painter(this, () => {
    this.drawBack();
    this.drawField();
    this.drawFront();
    this.requestUpdate(); // For what stands in the picture as elements.
  });

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('state');
    const { data, dim } = this.state;
    if (before?.data === data && before.dim === dim) return;
    this.window = windowOf(data, dim);
    this.shown = null;
  }

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('state');
    const { data, dim, view, mode, live, field } = this.state;
    const other = before?.data !== data || before.dim !== dim;
    const layers = before?.view.layers !== view.layers;
    if (changed.has('state') && (other || layers)) this.drawBack();
    if (other || layers || before?.field !== field) this.drawField();
    if (mode === 'live' && live && live !== before?.live) this.glide();
    // While training goes on most updates are of numbers beside the picture.
    const { state } = this;
    const moved = MOVED_BY.some((key) => before?.[key] !== state[key]);
    if (changed.has('state') && moved) this.drawFront();
    this.lookAround();
  }

  private get still(): PlotFrame {
    const { dim, data, labels } = this.state;
    return { dim, data, labels, samples: null, trail: [] };
  }

  private drawBack(): void {
    this.draw(this.back, BACKGROUND, this.still);
  }

  private drawField(): void {
    const frame = { ...this.still, field: this.state.field };
    if (this.under) this.draw(this.under, UNDERGROUND, frame);
    if (this.middle) this.draw(this.middle, MIDDLE, frame);
  }

  /** The picture's scales, once it has a size. */
  private get scales(): Scales | null {
    const { clientWidth: width, clientHeight: height } = this.back ?? {};
    return width && height ? scalesFor(this.window, width, height) : null;
  }

  /** Tells what a field has to cover, when that has changed. */
  private lookAround(): void {
    const { scales } = this;
    if (!scales) return;
    const { width, height, zoom } = scales;
    const nodes = (pixels: number): number =>
      Math.min(MAX_NODES, Math.max(2, Math.round(pixels / NODE_PIXELS)));
    const [nx, ny] = [nodes(width), nodes(height)];
    // Half of the way between two nodes is left to the edges.
    const x = (width - width / nx) / (2 * zoom);
    const y = (height - height / ny) / (2 * zoom);
    const { x: middleX, y: middleY } = this.window;
    const window: Look['window'] = [
      middleX - x,
      middleX + x,
      middleY - y,
      middleY + y,
    ];
    const look: Look = { window, nx, ny };
    const key = JSON.stringify(look);
    if (key === this.look) return;
    this.look = key;
    this.dispatchEvent(new CustomEvent('look', { detail: look }));
  }

  /** Puts the probe where the picture was clicked or tapped. */
  private readonly onClick = (event: MouseEvent): void => {
    const { scales } = this;
    if (!scales || this.state.phase !== 'ready') return;
    const box = this.front.getBoundingClientRect();
    const { x, y } = this.window;
    const place = [
      x + (event.clientX - box.left - scales.width / 2) / scales.zoom,
      y - (event.clientY - box.top - scales.height / 2) / scales.zoom,
    ];
    const detail = place.slice(0, Math.min(2, this.state.dim));
    this.dispatchEvent(new CustomEvent('probe', { detail }));
  };

  private drawFront(): void {
    this.draw(this.front, FOREGROUND, movingFrame(this.state, this.shown));
  }

  private draw(
    canvas: HTMLCanvasElement,
    scenes: Scene[],
    frame: PlotFrame,
  ): void {
    const surface = prepare(canvas);
    if (!surface) return;
    const { context, width, height } = surface;
    const scales = scalesFor(this.window, width, height);
    const { layers } = this.state.view;
    const { theme } = this.painter;
    // Over a map the axes' labels need all the contrast there is.
    const clear = layers.includes('heat')
      ? { ...theme, muted: theme.ink }
      : theme;
    for (const scene of scenes) {
      const layer = scene.id as Layer;
      const on = !LAYERS.includes(layer) || layers.includes(layer);
      if (on && scene.accepts(frame)) {
        scene.draw(context, frame, scales, clear);
      }
    }
  }

  /** Lets the shown samples move smoothly to the newest ones. */
  private glide(): void {
    const target = this.state.live?.values;
    if (!target) return;
    if (this.state.calm || this.shown?.length !== target.length) {
      this.shown = target.slice();
      return;
    }
    if (this.gliding) return;
    this.gliding = true;
    let before = performance.now();
    const tick = (now: number): void => {
      const goal = this.state.live?.values;
      const shown = this.shown;
      this.gliding =
        this.isConnected &&
        this.state.mode === 'live' &&
        goal !== undefined &&
        shown?.length === goal.length;
      if (!this.gliding || !goal || !shown) return;
      const part = 1 - 2 ** ((before - now) / GLIDE_MS);
      before = now;
      let farthest = 0;
      for (let i = 0; i < goal.length; ++i) {
        const way = goal[i]! - shown[i]!;
        shown[i]! += part * way;
        farthest = Math.max(farthest, Math.abs(way));
      }
      this.drawFront();
      if (farthest > 1e-3 * this.window.reach) requestAnimationFrame(tick);
      else this.gliding = false;
    };
    requestAnimationFrame(tick);
  }

  override render() {
    const { flags, form, view } = this.state;
    const has = (layer: Layer): boolean => view.layers.includes(layer);
    return html`
      <div class="stage ${has('arrows') || has('heat') ? 'shorter' : ''}">
        ${has('heat') ? html`<canvas class="under" aria-hidden="true"></canvas>` : ''}
        <canvas class="back" aria-hidden="true"></canvas>
        ${has('arrows') ? html`<canvas class="middle" aria-hidden="true"></canvas>` : ''}
        <canvas
          class="front"
          @click=${this.onClick}
          role="img"
          aria-label=${t('plot.label')}
          aria-describedby="words"
        ></canvas>
        ${this.tag()}
        ${
          this.state.mode === 'replay' && !isLocked(flags, 'timeline')
            ? html`<button
                class="live small"
                @click=${() => this.dispatchEvent(new CustomEvent('live'))}
              >
                ${t('time.live')}
              </button>`
            : ''
        }
        <unnoise-probe
          .state=${this.state}
          .scales=${this.scales}
          .window=${this.window}
        ></unnoise-probe>
      </div>
      ${
        isHidden(flags, form, 'layers')
          ? ''
          : html`<unnoise-layers .state=${this.state}></unnoise-layers>`
      }
      ${
        has('arrows') || has('heat')
          ? html`<unnoise-field-bar
              .state=${this.state}
              .zoom=${this.scales?.zoom ?? 0}
            ></unnoise-field-bar>`
          : ''
      }
      <p id="words" class="unseen">${this.words()} ${t('plot.edge')}</p>
    `;
  }

  private tag() {
    const { mode, live, phase, trainable } = this.state;
    if (phase !== 'ready' || (mode === 'live' && !live)) return '';
    const recording = recordingOf(this.state);
    const text =
      mode === 'live'
        ? !trainable
          ? t('plot.exact')
          : live?.step
            ? t('plot.live', { step: live.step })
            : t('plot.noise')
        : recording?.direction === 'noise'
          ? t('plot.noising')
          : trainable
            ? t('plot.denoising', { step: recording?.step ?? 0 })
            : t('plot.exactWay');
    return html`<p class="tag number" aria-hidden="true">${text}</p>`;
  }

  private words(): string {
    const now = performance.now();
    const wait = this.wordsAt + WORDS_MS - now;
    if (wait <= 0 || this.state.data !== this.wordsOf) {
      this.wordsAt = now;
      this.wordsOf = this.state.data;
      this.inWords = plotInWords(this.state, this.dataTitle);
    } else {
      // Nothing else may happen by then, and the words would stay behind.
      this.wordsLater ??= setTimeout(() => {
        this.wordsLater = undefined;
        this.requestUpdate();
      }, wait);
    }
    return this.inWords;
  }

  static override styles = [
    shared,
    css`
      .stage {
        position: relative;
        height: var(--stage-height, 420px);
        border-radius: 14px;
        background: var(--surface);
        border: 1px solid var(--line);
        overflow: hidden;
      }
      .stage.shorter {
        /* The time line stays where it is seen. */
        height: calc(var(--stage-height, 420px) - var(--bar-room, 0px));
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .tag {
        position: absolute;
        top: 16px;
        left: 10px;
        max-width: calc(100% - 130px);
        padding: 2px 8px;
        border-radius: 6px;
        background: color-mix(in srgb, var(--surface), transparent 20%);
        color: var(--muted);
        font-size: 0.8125rem;
        pointer-events: none;
      }
      .live {
        position: absolute;
        top: 6px;
        right: 6px;
        border-color: transparent;
        background: color-mix(in srgb, var(--surface), transparent 20%);
        color: var(--accent);
        font-weight: 600;
      }
    `,
  ];
}
