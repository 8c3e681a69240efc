// The plot: a canvas for what stays, one for what moves, two more for a field
// while it is shown; the layers' switches, and the same in words for those who
// do not see it.

import { css, html, LitElement, unsafeCSS, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { BACKGROUND, FOREGROUND, MIDDLE, UNDERGROUND } from '../scenes';
import { scaleOf } from '../scenes/field-scale';
import { classesOf } from '../scenes/marks';
import { RAMP_STYLE } from '../scenes/ramp';
import {
  scalesFor,
  windowOf,
  type PlotFrame,
  type Scales,
  type Scene,
  type Window,
} from '../scenes/scene';
import { TRAIL_LENGTH } from '../scenes/trails';
import type { Look } from '../store/field';
import { isHidden, isLocked } from '../store/flags';
import { LAYERS, type Layer } from '../store/link';
import { recordingOf, type LabState } from '../store/state';
import { number, t } from '../strings';
import { shared } from '../styles/shared';
import './field-bar';
import { legend } from './legend';
import { lockNote } from './lock-note';
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
    this.draw(this.front, FOREGROUND, this.moving());
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

  /** The frame of what moves: live samples, or the recording's particles. */
  private moving(): PlotFrame {
    const { dim, data, mode, live, position, probe } = this.state;
    const { truth } = this.state.recordings;
    const frame: PlotFrame = { dim, data, samples: null, trail: [] };
    frame.probe = probe?.found ?? null;
    if (mode === 'live') {
      frame.samples = this.shown ?? live?.values ?? null;
      frame.truth = truth?.frames[0] ?? null;
      return frame;
    }
    const recording = recordingOf(this.state);
    if (!recording) return frame;
    const back = recording.direction === 'denoise' ? 1 : -1;
    // The grid point just left, and the one ahead.
    const left = back > 0 ? Math.ceil(position) : Math.floor(position);
    const ahead = back > 0 ? Math.floor(position) : Math.ceil(position);
    const from = recording.frames[left];
    const to = recording.frames[ahead] ?? from;
    if (!from || !to) return frame;
    const part = Math.abs(left - position);
    frame.samples = between(from, to, part);
    const [exact, next] = [truth?.frames[left], truth?.frames[ahead]];
    if (back > 0 && exact) frame.truth = between(exact, next ?? exact, part);
    for (let age = left === ahead ? 1 : 0; age < TRAIL_LENGTH; ++age) {
      const older = recording.frames[left + back * age];
      if (!older) break;
      frame.trail.push(older);
    }
    return frame;
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
      ${isHidden(flags, form, 'layers') ? '' : this.layers()}
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

  private layers() {
    const { dim, view, flags } = this.state;
    const locked = isLocked(flags, 'layers');
    const switches: [Layer, string][] = [
      ['data', t('layer.data')],
      ['samples', t('layer.samples')],
      ['trails', t('layer.trails')],
      ['arrows', t('layer.arrows')],
      ['heat', t('layer.heat')],
      ['truth', t('layer.truth')],
    ];
    return html`
      <div class="layers" role="group" aria-label=${t('layer.group')}>
        ${switches.map(
          ([layer, label]) => html`
            <label class=${layer}>
              <input
                type="checkbox"
                .checked=${view.layers.includes(layer)}
                ?disabled=${locked}
                @change=${() => {
                  this.dispatchEvent(
                    new CustomEvent('layer', { detail: layer }),
                  );
                }}
              />
              <i aria-hidden="true"></i>${label}
            </label>
          `,
        )}
        ${legend(this.state.labels)}
        ${
          dim > 2
            ? html`<span class="muted small note"
                >${t('plot.manyAxes', { dim })}</span
              >`
            : ''
        }
        ${locked ? lockNote() : ''}
      </div>
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
      this.inWords = this.describe();
    } else {
      // Nothing else may happen by then, and the words would stay behind.
      this.wordsLater ??= setTimeout(() => {
        this.wordsLater = undefined;
        this.requestUpdate();
      }, wait);
    }
    return this.inWords;
  }

  /** The picture in words: what is where, and how wide it spreads. */
  private describe(): string {
    const { dim, data, mode, live, step } = this.state;
    if (data.length === 0) return t('plot.empty');
    const samples =
      mode === 'live' ? live?.values : (this.moving().samples ?? undefined);
    const parts = [
      t('words.data', {
        count: data.length / dim,
        name: this.dataTitle,
        where: spread(data, dim),
      }),
    ];
    const classes = classesOf(this.state.labels);
    if (classes.length > 0) {
      const labels = classes
        .map((label) => {
          const count = this.state.labels.filter((x) => x === label).length;
          return t('words.label', { label: String(label), count });
        })
        .join(', ');
      parts.push(t('words.labels', { labels }));
    }
    if (samples) {
      parts.push(
        t(this.state.trainable ? 'words.samples' : 'words.truth', {
          count: samples.length / dim,
          step: mode === 'live' ? (live?.step ?? 0) : step,
          where: spread(samples, dim),
        }),
      );
    }
    const { truth } = this.moving();
    if (truth && this.state.view.layers.includes('truth')) {
      parts.push(
        t('words.truth', {
          count: truth.length / dim,
          where: spread(truth, dim),
        }),
      );
    }
    const { field } = this.state;
    if (field) {
      const lengths = scaleOf(field).lengths.slice().sort();
      parts.push(
        t('words.field', {
          count: lengths.length,
          t: field.t.toFixed(3),
          step: field.step,
          middle: number(lengths[lengths.length >> 1] ?? NaN, 2),
          most: number(lengths.at(-1) ?? NaN, 2),
        }),
      );
    }
    return parts.join(' ');
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
      .layers {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        column-gap: 20px;
        padding: 4px 4px 0;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: var(--target);
        font-size: 0.875rem;
        cursor: pointer;
      }
      label i {
        width: 8px;
        height: 8px;
        background: var(--plot-data);
      }
      label.samples i {
        width: 10px;
        height: 10px;
        border-radius: 50%;
        background: var(--plot-samples);
      }
      label.truth i {
        width: 10px;
        height: 10px;
        background:
          linear-gradient(
            45deg,
            transparent 43%,
            var(--plot-truth) 43% 57%,
            transparent 57%
          ),
          linear-gradient(
            -45deg,
            transparent 43%,
            var(--plot-truth) 43% 57%,
            transparent 57%
          );
      }
      label.trails i {
        width: 18px;
        height: 2px;
        background: linear-gradient(90deg, transparent, var(--plot-samples));
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
      }
      .legend li {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      label.arrows i {
        width: 16px;
        height: 9px;
        background: var(--ink);
        opacity: 0.7;
        clip-path: polygon(
          0 42%,
          68% 42%,
          55% 0,
          100% 50%,
          55% 100%,
          68% 58%,
          0 58%
        );
      }
      label.heat i {
        width: 22px;
        height: 10px;
        border-radius: 3px;
        background: ${unsafeCSS(RAMP_STYLE)};
        opacity: 0.75;
      }
      .note {
        margin-left: auto;
      }
    `,
  ];
}

function between(
  from: Float32Array,
  to: Float32Array,
  part: number,
): Float32Array {
  if (from === to || part === 0) return from;
  return from.map((value, i) => value + part * (to[i]! - value));
}

/** "x −1.2 … 2.1, y −0.6 … 1.1": the middle nine tenths of each axis. */
function spread(values: Float32Array, dim: number): string {
  return ['x', 'y']
    .slice(0, dim)
    .map((name, axis) => {
      const along = values.filter((_, i) => i % dim === axis).sort();
      const at = (part: number): string =>
        number(along[Math.floor(part * (along.length - 1))]!, 2);
      return t('words.range', { name, low: at(0.05), high: at(0.95) });
    })
    .join(', ');
}
