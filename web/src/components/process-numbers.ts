// What stands at the knife in numbers: means and deviations, or probabilities
// of states; and all times as a table, for whoever cannot see the picture.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state as reactive } from 'lit/decorators.js';
import {
  rowOf,
  spreadsAt,
  timeAt,
  timesOf,
  type ProcessState,
} from '../processes/state';
import { t } from '../processes/texts';
import { number } from '../strings';
import { shared } from '../styles/shared';
import { tables } from '../styles/tables';

const TABLE_ROWS = 21;
type Known = keyof ReturnType<typeof spreadsAt>;

@customElement('unnoise-process-numbers')
export class ProcessNumbersElement extends LitElement {
  @property({ attribute: false }) state!: ProcessState;
  @reactive() private open = false;

  override render() {
    const { state } = this;
    const { drawn, particles } = state;
    if (!drawn || !particles) return nothing;
    return html`
      <h2>
        ${t('section.title')}
        <span class="number muted"
          >t = ${number(timeAt(state, state.knife))}</span
        >
      </h2>
      ${drawn.states > 0 ? this.probabilities() : this.spreads()}
      <details
        @toggle=${(event: Event) => {
          this.open = (event.target as HTMLDetailsElement).open;
        }}
      >
        <summary class="small muted">${t('table.title')}</summary>
        ${this.open ? this.times() : nothing}
      </details>
    `;
  }

  private get way(): string {
    const way = this.state.started?.way;
    return way ? t(`way.${way}`) : '';
  }

  private spreads(): TemplateResult {
    const { state } = this;
    const axes = state.drawn!.axes;
    // Of several axes the numbers stand in one cell, as coordinates do.
    const all = axes.map((_, axis) => spreadsAt(state, state.knife, axis));
    const line = (key: Known, name: string, mark: string) =>
      all.every((of) => of[key] === null)
        ? nothing
        : html`<tr>
            <th scope="row"><i class=${mark} aria-hidden="true"></i>${name}</th>
            <td>${all.map((of) => digits(of[key]?.mean)).join(', ')}</td>
            <td>${all.map((of) => digits(of[key]?.std)).join(', ')}</td>
          </tr>`;
    const names = axes.length > 1 ? axes.join(', ') : '';
    return html`<table class="number ${axes.length > 1 ? 'several' : ''}">
        <thead>
          <tr>
            <td></td>
            <th scope="col">${t('section.mean')} ${names}</th>
            <th scope="col">${t('section.std')} ${names}</th>
          </tr>
        </thead>
        <tbody>
          ${line('particles', t('section.particles'), 'particles')}
          ${line('law', this.way, 'law')}
          ${line('exact', t('section.closed'), 'closed')}
        </tbody>
      </table>
      ${
        (state.law?.stationary.length ?? 0) > 0 && axes.length === 1
          ? html`<p class="small muted">
              <i class="rest" aria-hidden="true"></i>${t('section.stationary')}
            </p>`
          : nothing
      }`;
  }

  private probabilities(): TemplateResult {
    const { particles, law, knife, drawn } = this.state;
    const count = particles!.times.length;
    const share = rowOf(particles!.density, knife, count);
    const exact = rowOf(law?.density, knife, count);
    const rest = rowOf(law?.stationary, 0, 1);
    const states = Array.from({ length: drawn!.states }, (_, i) => i);
    const cell = (values: Float32Array | null, i: number) =>
      html`<td>${values ? values[i]!.toFixed(3) : '–'}</td>`;
    return html`<table class="number">
      <thead>
        <tr>
          <th scope="col">${t('section.state')}</th>
          <th scope="col">
            <i class="particles" aria-hidden="true"></i>${t('section.share')}
          </th>
          <th scope="col">
            <i class="closed" aria-hidden="true"></i>${t('section.exact')}
          </th>
          <th scope="col">
            <i class="rest" aria-hidden="true"></i>${t('section.stationary')}
          </th>
        </tr>
      </thead>
      <tbody>
        ${states.map(
          (i) =>
            html`<tr>
              <th scope="row">${i}</th>
              ${cell(share, i)}${cell(exact, i)}${cell(rest, i)}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private times(): TemplateResult {
    const { state } = this;
    const { law, drawn } = state;
    const count = timesOf(state).length;
    const rows = Math.min(TABLE_ROWS, count);
    const picked = Array.from({ length: rows }, (_, row) =>
      Math.round((row * (count - 1)) / Math.max(1, rows - 1)),
    );
    const axes = drawn!.axes;
    const first = axes.map((_, axis) => spreadsAt(state, count - 1, axis));
    const columns = (['particles', 'law', 'exact'] as const).filter((key) =>
      first.some((of) => of[key] !== null),
    );
    const name = {
      particles: t('section.particles'),
      law: this.way,
      exact: t('section.closed'),
    };
    const quantiles = law && law.quantiles.length > 0 ? law.quantiles : null;
    return html`<div
      class="scroll"
      tabindex="0"
      role="region"
      aria-label=${t('table.title')}
    >
      <table class="number small">
        <caption class="unseen">
          ${t('table.caption')}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t('section.time')}</th>
            ${axes.flatMap((axis) =>
              columns.map(
                (key) =>
                  html`<th scope="col">
                      ${name[key]}: ${t('section.mean')}
                      ${axes.length > 1 ? axis : ''}
                    </th>
                    <th scope="col">${t('section.std')}</th>`,
              ),
            )}
            ${
              quantiles
                ? html`<th scope="col">${t('table.median')}</th>`
                : nothing
            }
          </tr>
        </thead>
        <tbody>
          ${picked.map(
            (moment) =>
              html`<tr>
                <th scope="row">${number(timeAt(state, moment))}</th>
                ${axes.flatMap((_, axis) => {
                  const of = spreadsAt(state, moment, axis);
                  return columns.map(
                    (key) =>
                      html`<td>${digits(of[key]?.mean)}</td>
                        <td>${digits(of[key]?.std)}</td>`,
                  );
                })}
                ${
                  quantiles
                    ? html`<td>
                        ${[0, 1, 2]
                          .map((k) => digits(quantiles[3 * moment + k]))
                          .join(', ')}
                      </td>`
                    : nothing
                }
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  static override styles = [
    shared,
    tables,
    css`
      :host {
        display: grid;
        gap: 10px;
      }
      h2 {
        display: flex;
        justify-content: space-between;
        gap: 12px;
      }
      h2 span {
        font-weight: 400;
      }
      th,
      td {
        padding: 4px 0 4px 8px;
      }
      thead th {
        color: var(--muted);
        font-size: 0.8125rem;
        font-weight: 400;
      }
      .several td,
      .several th {
        font-size: 0.8125rem;
      }
      tbody th {
        white-space: nowrap;
      }
      th:first-child {
        padding-left: 0;
        text-align: left;
      }
      tbody tr > * {
        border-top: 1px solid var(--line);
      }
      i {
        display: inline-block;
        width: 16px;
        margin-right: 8px;
        vertical-align: 4px;
        border-top: 3px solid var(--plot-samples);
      }
      i.particles {
        height: 10px;
        vertical-align: -1px;
        border: solid var(--plot-samples);
        border-width: 0 1px 0 0;
        background: color-mix(in srgb, var(--plot-samples), transparent 62%);
      }
      i.law {
        border-color: var(--plot-data);
      }
      i.closed {
        border-top: 2px dashed var(--plot-truth);
      }
      i.rest {
        border-top: 2px dotted var(--muted);
      }
      .scroll {
        max-height: 260px;
      }
      .scroll tr > * {
        border-top: 0;
      }
    `,
  ];
}

/** Four digits, which is what the particles' numbers are worth at most. */
function digits(value = NaN): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0 || Math.abs(value) < 5e-5) return '0';
  return Math.abs(value) >= 1e5 || Math.abs(value) < 1e-3
    ? value.toExponential(2)
    : String(Number(value.toPrecision(4)));
}
