// The time line: how data turns to noise along the path, and where on it the
// plot is. One clock for both directions: t = 0 data, t = 1 noise.

import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { drawPath } from '../scenes/curve';
import { isLocked } from '../store/flags';
import type { Lab } from '../store/lab';
import { gridOf, type LabState } from '../store/state';
import { number, t } from '../strings';
import { shared } from '../styles/shared';
import * as icons from './icons';
import { lockNote } from './lock-note';
import { Painter, prepare } from './surface';

@customElement('unnoise-timeline')
export class TimelineElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;

  @query('canvas') private canvas!: HTMLCanvasElement;

  private drawnAt = NaN;
  private readonly painter = new Painter(this, () => {
    this.draw();
  });

  override updated(changed: PropertyValues<this>): void {
    const { state, position } = this;
    const before = changed.get('state');
    const same = before && gridOf(before) === gridOf(state);
    if (!same || position !== this.drawnAt) this.draw();
  }

  /**
   * Live samples are at the data's end of the path; before any training the
   * picture shows noise.
   */
  private get position(): number {
    const { mode, position, live } = this.state;
    if (mode !== 'live') return position;
    return live && live.step > 0
      ? 0
      : Math.max(0, gridOf(this.state).length - 1);
  }

  private draw(): void {
    const surface = prepare(this.canvas);
    if (!surface) return;
    this.drawnAt = this.position;
    const grid = gridOf(this.state);
    const { context, width, height } = surface;
    const path = {
      t: grid.map(({ t }) => t),
      alpha: grid.map(({ alpha }) => alpha),
      sigma: grid.map(({ sigma }) => sigma),
      position: this.position,
    };
    drawPath(context, path, width, height, this.painter.theme);
  }

  override render() {
    const { state, lab } = this;
    const { playing, loop, view, phase } = state;
    const grid = gridOf(state);
    const slot = Math.round(this.position);
    const point = grid[slot];
    const denoise = view.direction === 'denoise';
    const locked = isLocked(state.flags, 'timeline');
    const off = locked || phase !== 'ready' || grid.length < 2;
    const reading = point
      ? t('time.reading', {
          t: point.t.toFixed(3),
          alpha: point.alpha.toFixed(3),
          sigma: point.sigma.toFixed(3),
        })
      : '';
    return html`
      <div class="bar">
        <button
          class="play"
          ?disabled=${off}
          aria-label=${playing ? t('time.pause') : t('time.play')}
          title=${playing ? t('time.pause') : t('time.play')}
          @click=${() => {
            if (playing) lab.replay.stop();
            else void lab.replay.play();
          }}
        >
          ${playing ? icons.pause : icons.play}
        </button>
        <div class="direction" role="group" aria-label=${t('time.direction')}>
          <button
            aria-pressed=${String(denoise)}
            ?disabled=${off}
            @click=${() => void lab.replay.setDirection('denoise')}
          >
            ${t('time.denoise')}
          </button>
          <button
            aria-pressed=${String(!denoise)}
            ?disabled=${off}
            @click=${() => void lab.replay.setDirection('noise')}
          >
            ${t('time.noise')}
          </button>
        </div>
        <button
          class="loop"
          aria-pressed=${String(loop)}
          ?disabled=${locked}
          aria-label=${t('time.loop')}
          title=${t('time.loop')}
          @click=${() => {
            lab.replay.toggleLoop();
          }}
        >
          ${icons.loop}
        </button>
        ${locked ? lockNote() : ''}
        <p class="reading number small">
          ${
            point
              ? html`<span><i>t</i> ${point.t.toFixed(3)}</span
                  ><span class="alpha"><i>α</i> ${point.alpha.toFixed(3)}</span
                  ><span class="sigma"
                    ><i>σ</i> ${point.sigma.toFixed(3)}</span
                  >`
              : ''
          }
        </p>
      </div>
      <div class="track">
        <canvas aria-hidden="true"></canvas>
        <input
          type="range"
          min="0"
          max=${Math.max(1, grid.length - 1)}
          step="1"
          .value=${String(slot)}
          ?disabled=${off}
          aria-label=${t('time.label')}
          aria-valuetext=${reading}
          @input=${(event: Event) =>
            void lab.replay.seek(
              Number((event.target as HTMLInputElement).value),
            )}
        />
        <div class="ends small muted" aria-hidden="true">
          <span>${t('time.data')}</span><span>${t('time.noiseEnd')}</span>
        </div>
      </div>
      <p class="unseen">
        ${t('time.words', { count: number(Math.max(0, grid.length - 1)) })}
      </p>
    `;
  }

  static override styles = [
    shared,
    css`
      :host {
        container-type: inline-size;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
      }
      .play,
      .loop {
        padding: 0;
        width: var(--target);
      }
      .direction {
        display: flex;
      }
      .direction button {
        border-radius: 0;
        font-size: 0.875rem;
      }
      .direction button:first-child {
        border-radius: var(--radius) 0 0 var(--radius);
      }
      .direction button:last-child {
        margin-left: -1px;
        border-radius: 0 var(--radius) var(--radius) 0;
      }
      .direction button[aria-pressed='true'] {
        position: relative;
      }
      .reading {
        display: flex;
        gap: 14px;
        margin-left: auto;
      }
      .reading i {
        font-family: Georgia, 'Times New Roman', 'DejaVu Serif', serif;
        margin-right: 2px;
      }
      .alpha i {
        color: var(--plot-data);
      }
      .sigma i {
        color: var(--plot-samples);
      }
      .track {
        position: relative;
        margin-top: 10px;
      }
      canvas {
        /* As far as the middle of the slider's thumb goes. */
        width: calc(100% - 18px);
        height: 44px;
        margin: 0 9px;
      }
      .track input {
        display: block;
        margin-top: -10px;
      }
      .ends {
        display: flex;
        justify-content: space-between;
        margin-top: -8px;
      }
      @container (width < 430px) {
        .reading {
          width: 100%;
          margin-left: 0;
          justify-content: space-between;
        }
        .direction {
          flex: 1;
        }
        .direction button {
          flex: 1;
          padding: 0 6px;
        }
      }
    `,
  ];
}
