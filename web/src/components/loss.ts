// The loss curve, with its numbers as a table for whoever asks.

import { css, html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { drawLoss } from '../scenes/curve';
import type { History } from '../store/history';
import { number, t } from '../strings';
import { shared } from '../styles/shared';
import { tables } from '../styles/tables';
import { Painter, prepare } from './surface';

/** The running mean reaches so many entries to either side, if there are. */
const SMOOTHING = 20;
const TABLE_ROWS = 20;

@customElement('unnoise-loss')
export class LossElement extends LitElement {
  @property({ attribute: false }) history!: History;
  /** Changes with the history's content, which is changed in place. */
  @property({ type: Number }) version = 0;
  @property({ type: Number }) until = 0;
  @state() private open = false;

  @query('canvas') private canvas!: HTMLCanvasElement;

  private readonly painter = new Painter(this, () => {
    this.draw();
  });

  override updated(): void {
    this.draw();
  }

  private draw(): void {
    const surface = prepare(this.canvas);
    if (!surface) return;
    const { history, until } = this;
    const all = Array.from({ length: history.length }, (_, i) => i);
    drawLoss(
      surface.context,
      {
        steps: all.map((i) => history.step(i)),
        losses: all.map((i) => history.loss(i)),
        smooth: history.smooth(spanOf(history)),
        until,
      },
      surface.width,
      surface.height,
      this.painter.theme,
    );
  }

  override render() {
    return html`
      <canvas role="img" aria-label=${this.words()}></canvas>
      <details
        @toggle=${(event: Event) => {
          this.open = (event.target as HTMLDetailsElement).open;
        }}
      >
        <summary class="small muted">${t('loss.table')}</summary>
        ${this.open ? this.table() : ''}
      </details>
    `;
  }

  private words(): string {
    const { history } = this;
    if (history.length === 0) return t('loss.empty');
    const smooth = history.smooth(spanOf(history));
    return t('loss.words', {
      first: number(smooth[Math.min(4, history.length - 1)]!),
      last: number(smooth.at(-1)!),
      step: history.step(history.length - 1),
    });
  }

  private table() {
    const { history } = this;
    const smooth = history.smooth(spanOf(history));
    const rows = Math.min(TABLE_ROWS, history.length);
    const picked = Array.from({ length: rows }, (_, row) =>
      Math.round((row * (history.length - 1)) / Math.max(1, rows - 1)),
    );
    return html`
      <div
        class="scroll"
        tabindex="0"
        role="region"
        aria-label=${t('loss.table')}
      >
        <table class="number small">
          <caption class="unseen">
            ${t('loss.caption')}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t('stat.step')}</th>
              <th scope="col">${t('stat.loss')}</th>
              <th scope="col">${t('loss.mean')}</th>
            </tr>
          </thead>
          <tbody>
            ${picked.map(
              (i) => html`
                <tr>
                  <th scope="row">${number(history.step(i))}</th>
                  <td>${number(history.loss(i), 4)}</td>
                  <td>${number(smooth[i]!, 4)}</td>
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
    `;
  }

  static override styles = [
    shared,
    tables,
    css`
      canvas {
        width: 100%;
        height: 120px;
      }
      .scroll {
        max-height: 220px;
      }
    `,
  ];
}

function spanOf({ length }: History): number {
  return Math.min(SMOOTHING, Math.floor(length / 16));
}
