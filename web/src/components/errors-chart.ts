// Errors of the samplers against evaluations of the model: the chart, what its
// marks mean, and its numbers as a table.

import { css, html, LitElement, nothing, svg } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { SolverErrors } from '../engine/solvers';
import { DASHES, drawErrors, type ErrorsFrame } from '../scenes/errors';
import { colorOf, outlineOf } from '../scenes/marks';
import type { ErrorKind } from '../store/solvers-link';
import { number, t } from '../strings/solvers';
import { shared } from '../styles/shared';
import { tables } from '../styles/tables';
import { Painter, prepare } from './surface';

const ORDERS = [1, 2, 3, 4];

@customElement('unnoise-errors-chart')
export class ErrorsChartElement extends LitElement {
  @property({ attribute: false }) errors: SolverErrors | null = null;
  /** Of the samplers, as rows of `errors` count them. */
  @property({ attribute: false }) names: string[] = [];
  @property() kind: ErrorKind = 'paths';
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
    const { context, width, height } = surface;
    drawErrors(context, this.frame, width, height, this.painter.theme);
  }

  /** What the chart shows; public for tests of what stands behind the pixels. */
  get frame(): ErrorsFrame {
    const { errors, kind, names } = this;
    const series = names.map((_, sampler) => {
      const points = (errors?.rows ?? [])
        .filter((row) => row.sampler === sampler && (row[kind] ?? 0) > 0)
        .sort((a, b) => a.evaluations - b.evaluations);
      return {
        x: points.map(({ evaluations }) => evaluations),
        y: points.map((row) => row[kind]!),
      };
    });
    const texts = {
      x: t('errors.evaluations'),
      floor: kind === 'paths' ? t('errors.floorPaths') : t('errors.floorLaw'),
      order: (order: number) => t('errors.order', { order }),
    };
    return {
      series,
      floor: errors?.floor[kind] ?? null,
      orders: ORDERS,
      texts,
    };
  }

  override render() {
    return html`
      <canvas role="img" aria-label=${this.words()}></canvas>
      <ul class="legend small">
        ${this.names.map((name, i) => this.entry(name, i))}
      </ul>
      <details
        @toggle=${(event: Event) => {
          this.open = (event.target as HTMLDetailsElement).open;
        }}
      >
        <summary class="small muted">${t('errors.table')}</summary>
        ${this.open ? this.table() : nothing}
      </details>
    `;
  }

  private entry(name: string, i: number) {
    const order = this.errors?.orders[i]?.[this.kind];
    const chance =
      this.kind === 'paths' &&
      this.errors !== null &&
      this.errors.rows.some((row) => row.sampler === i && !row.failed) &&
      !this.errors.rows.some((row) => row.sampler === i && row.paths);
    return html`<li>
      ${key(i)}
      <span>${name}</span>
      ${
        order === undefined
          ? nothing
          : html`<span class="muted number"
              >${t('errors.observed', { order: order.toFixed(2) })}</span
            >`
      }
      ${
        this.errors?.left_out.includes(i)
          ? html`<span class="muted">${t('errors.leftOut')}</span>`
          : nothing
      }
      ${
        chance
          ? html`<span class="muted">${t('errors.chance')}</span>`
          : nothing
      }
    </li>`;
  }

  /** The chart in words: where each sampler begins and ends. */
  private words(): string {
    const { frame, names, errors, kind } = this;
    if (frame.series.every(({ x }) => x.length === 0)) {
      return t('errors.empty');
    }
    const parts = frame.series.flatMap(({ x, y }, i) =>
      x.length === 0
        ? []
        : [
            t('errors.words', {
              name: names[i]!,
              first: number(y[0]!),
              from: x[0]!,
              last: number(y.at(-1)!),
              to: x.at(-1)!,
            }) +
              (errors?.orders[i]?.[kind] === undefined
                ? ''
                : ` ${t('errors.wordsOrder', {
                    order: errors.orders[i][kind].toFixed(1),
                  })}`),
          ],
    );
    return [t('errors.title'), ...parts].join(' ');
  }

  private table() {
    const { errors, names } = this;
    const rows = names.flatMap((name, i) =>
      (errors?.rows ?? [])
        .filter((row) => row.sampler === i)
        .map((row) => ({ ...row, name })),
    );
    const cell = (value: number | undefined, failed: boolean | undefined) =>
      failed
        ? t('errors.failed')
        : value === undefined
          ? '–'
          : number(value, 4);
    return html`
      <div
        class="scroll"
        tabindex="0"
        role="region"
        aria-label=${t('errors.table')}
      >
        <table class="number small">
          <caption class="unseen">
            ${t('errors.caption')}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t('solvers.sampler')}</th>
              <th scope="col">${t('errors.steps')}</th>
              <th scope="col">${t('errors.asked')}</th>
              <th scope="col">${t('errors.paths')}</th>
              <th scope="col">${t('errors.law')}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) =>
                html`<tr>
                  <th scope="row">${row.name}</th>
                  <td>${number(row.steps)}</td>
                  <td>${number(row.evaluations)}</td>
                  <td>${cell(row.paths, row.failed)}</td>
                  <td>${cell(row.law, row.failed)}</td>
                </tr>`,
            )}
            <tr>
              <th scope="row">${t('errors.floor')}</th>
              <td></td>
              <td></td>
              <td>${cell(errors?.floor.paths, false)}</td>
              <td>${cell(errors?.floor.law, false)}</td>
            </tr>
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
        height: clamp(260px, 52cqw, 420px);
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 20px;
        margin-top: 10px;
      }
      li {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
      }
      .scroll {
        max-height: 320px;
      }
      th {
        text-align: left;
      }
      thead th:not(:first-child) {
        text-align: right;
      }
    `,
  ];
}

/** The line and mark of a sampler, as the chart draws them. */
export function key(i: number) {
  return html`<svg
    width="34"
    height="14"
    viewBox="-17 -7 34 14"
    aria-hidden="true"
  >
    ${svg`<path
      d="M-17 0H17"
      fill="none"
      stroke=${colorOf(i)}
      stroke-width="1.75"
      stroke-dasharray=${DASHES[i % DASHES.length]!.join(' ')}
    /><path
      d=${outlineOf(i)}
      transform="scale(4.2)"
      fill=${colorOf(i)}
      style="stroke: var(--surface); stroke-width: 0.35; paint-order: stroke"
    />`}
  </svg>`;
}
