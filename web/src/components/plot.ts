// The plot: two canvases (what stays, what moves), the layers' switches, and
// the same in words for those who do not see it.

import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { BACKGROUND, FOREGROUND } from '../scenes';
import {
  scalesFor,
  windowOf,
  type PlotFrame,
  type Scene,
  type Window,
} from '../scenes/scene';
import { TRAIL_LENGTH } from '../scenes/trails';
import { isHidden, isLocked } from '../store/flags';
import type { Layer } from '../store/link';
import { recordingOf, type LabState } from '../store/state';
import { number, t } from '../strings';
import { shared } from '../styles/shared';
import { lockNote } from './lock-note';
import { Painter, prepare } from './surface';

/** Live samples glide to their next place with this half-life. */
const GLIDE_MS = 70;
/** The description in words is renewed at most this often. */
const WORDS_MS = 1000;

@customElement('unnoise-plot')
export class PlotElement extends LitElement {
  @property({ attribute: false }) state!: LabState;
  @property({ attribute: false }) dataTitle = '';

  @query('.back') private back!: HTMLCanvasElement;
  @query('.front') private front!: HTMLCanvasElement;

  private window: Window = { x: 0, y: 0, reach: 1 };
  private shown: Float32Array | null = null;
  private gliding = false;
  private inWords = '';
  private wordsAt = -Infinity;
  private wordsOf: Float32Array | null = null;
  private readonly painter = new Painter(this, () => {
    this.drawBack();
    this.drawFront();
  });

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('state');
    const { data, dim, view, mode, live } = this.state;
    if (before?.data !== data || before.dim !== dim) {
      this.window = windowOf(data, dim);
      this.shown = null;
      this.drawBack();
    } else if (before.view.layers !== view.layers) {
      this.drawBack();
    }
    if (mode === 'live' && live && live !== before?.live) this.glide();
    this.drawFront();
  }

  private drawBack(): void {
    this.draw(this.back, BACKGROUND, {
      dim: this.state.dim,
      data: this.state.data,
      samples: null,
      trail: [],
    });
  }

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
    for (const scene of scenes) {
      const layer = scene.id as Layer;
      const on = scene.id === 'grid' || layers.includes(layer);
      if (on && scene.accepts(frame)) {
        scene.draw(context, frame, scales, this.painter.theme);
      }
    }
  }

  /** The frame of what moves: live samples, or the recording's particles. */
  private moving(): PlotFrame {
    const { dim, data, mode, live, position } = this.state;
    const frame: PlotFrame = { dim, data, samples: null, trail: [] };
    if (mode === 'live') {
      frame.samples = this.shown ?? live?.values ?? null;
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
    frame.samples = between(from, to, Math.abs(left - position));
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
    const { flags, form } = this.state;
    return html`
      <div class="stage">
        <canvas class="back" aria-hidden="true"></canvas>
        <canvas
          class="front"
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
      </div>
      ${isHidden(flags, form, 'layers') ? '' : this.layers()}
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
    const { mode, live, phase } = this.state;
    if (phase !== 'ready' || (mode === 'live' && !live)) return '';
    const recording = recordingOf(this.state);
    const text =
      mode === 'live'
        ? live?.step
          ? t('plot.live', { step: live.step })
          : t('plot.noise')
        : recording?.direction === 'noise'
          ? t('plot.noising')
          : t('plot.denoising', { step: recording?.step ?? 0 });
    return html`<p class="tag number" aria-hidden="true">${text}</p>`;
  }

  private words(): string {
    const now = performance.now();
    if (now - this.wordsAt > WORDS_MS || this.state.data !== this.wordsOf) {
      this.wordsAt = now;
      this.wordsOf = this.state.data;
      this.inWords = this.describe();
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
    if (samples) {
      parts.push(
        t('words.samples', {
          count: samples.length / dim,
          step: mode === 'live' ? (live?.step ?? 0) : step,
          where: spread(samples, dim),
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
      label.trails i {
        width: 18px;
        height: 2px;
        background: linear-gradient(90deg, transparent, var(--plot-samples));
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
