// What one sampler is and how it is set: its kind and its number of steps at
// once, everything else below a heading.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { FieldSchema } from '../engine/core';
import { fieldsOf, type FieldOwner } from '../store/schema';
import type { SolverLab } from '../store/solvers';
import { nameOf, type Solver } from '../store/solvers-state';
import { t } from '../strings/solvers';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import { key } from './errors-chart';
import './fields';
import * as icons from './icons';

@customElement('unnoise-solver-settings')
export class SolverSettingsElement extends LitElement {
  @property({ attribute: false }) lab!: SolverLab;
  @property({ attribute: false }) solver!: Solver;
  @property({ attribute: false }) field!: FieldSchema;
  /** Where it stands in the list, from 0. */
  @property({ type: Number }) place = 0;
  @property({ type: Boolean }) removable = false;
  @property({ attribute: false }) whenRemoved!: () => void;

  @query('.head button') private remover!: HTMLElement;

  /** Gives the lab what a person enters, as this sampler's. */
  private readonly owner: FieldOwner = {
    experiment: {
      setText: (field, text) =>
        this.lab.setSampler(this.solver.id, field, text),
    },
  };

  override focus(): void {
    this.remover.focus();
  }

  override render() {
    const { solver, field, place } = this;
    const below = fieldsOf(field, solver.values);
    const steps = below.filter(({ name }) => name === 'steps');
    const rest = below.filter(({ name }) => name !== 'steps');
    const kind = {
      ...field,
      kinds: field.kinds?.map((each) => ({ ...each, fields: [] })),
    };
    const name = nameOf(this.lab.state, solver);
    const label = t('solvers.number', { number: place + 1 });
    return html`<section aria-label=${`${label}: ${name}`}>
      <div class="head">
        ${key(place)}
        <h3>${label}</h3>
        <button
          class="plain small"
          ?disabled=${!this.removable}
          @click=${this.whenRemoved}
        >
          ${icons.close}${t('solvers.remove')}<span class="unseen"
            >${name}</span
          >
        </button>
      </div>
      ${this.fields([kind, ...steps], true)}
      ${
        rest.length > 0
          ? html`<details class="group">
              <summary>${t('solvers.settingsOf', { name })}</summary>
              ${this.fields(rest, false)}
            </details>`
          : nothing
      }
    </section>`;
  }

  private fields(fields: FieldSchema[], compact: boolean) {
    return html`<unnoise-fields
      .lab=${this.owner}
      .fields=${fields}
      .values=${this.solver.values}
      .drafts=${this.solver.drafts}
      .compact=${compact}
    ></unnoise-fields>`;
  }

  static override styles = [
    shared,
    panels,
    css`
      section {
        display: grid;
        gap: 10px;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 10px;
      }
      h3 {
        font-size: 0.9375rem;
        font-weight: 600;
      }
      .head button {
        margin-left: auto;
        padding: 0 8px;
        color: var(--muted);
      }
      summary {
        font-size: 0.875rem;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'unnoise-solver-settings': SolverSettingsElement;
  }
}
