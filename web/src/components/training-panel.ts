// How training goes: train, step and reset, how far it is, the loss, where it
// stops, and the seed.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isHidden, isLocked } from '../store/flags';
import type { Lab } from '../store/lab';
import { fieldIn, type LabState } from '../store/state';
import { number, t } from '../strings';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import { actionButton } from './action-button';
import './fields';
import * as icons from './icons';
import { lockNote } from './lock-note';
import './loss';

@customElement('unnoise-training')
export class TrainingElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;

  override render() {
    const { lab, state } = this;
    if (!state.trainable) {
      return html`<section class="card" aria-label=${t('train.title')}>
        <p class="muted">${t('train.nothing')}</p>
        ${this.seed()}
      </section>`;
    }
    const { running, step, until, speed, loss, history, diverged } = state;
    const threads = state.description?.threads ?? 1;
    return html`<section class="card" aria-label=${t('train.title')}>
      <div class="transport">
        ${actionButton(lab, 'train', running ? icons.pause : icons.play, 'primary')}
        ${actionButton(lab, 'step', icons.step)}
        ${actionButton(lab, 'reset', icons.reset)}
      </div>
      ${
        isLocked(state.flags, 'training')
          ? html`<p class="small muted">${icons.lock} ${t('locked.title')}</p>`
          : nothing
      }
      <div
        class="meter"
        role="progressbar"
        aria-label=${t('train.progress')}
        aria-valuemin="0"
        aria-valuemax=${until}
        aria-valuenow=${Math.min(step, until)}
      >
        <i
          style="width:${until > 0 ? Math.min(100, (100 * step) / until) : 0}%"
        ></i>
      </div>
      <dl class="stats number">
        ${stat(t('stat.step'), number(step))}
        ${stat(t('stat.loss'), diverged ? '∞' : number(loss))}
        ${stat(
          threads > 1 ? t('stat.speedThreads', { threads }) : t('stat.speed'),
          running && speed > 0 ? number(Math.round(speed)) : '–',
        )}
      </dl>
      ${
        isHidden(state.flags, state.form, 'loss')
          ? nothing
          : html`<unnoise-loss
              .history=${history}
              .version=${history.version}
              .until=${until}
            ></unnoise-loss>`
      }
      <div class="two">${this.until()} ${this.seed()}</div>
    </section>`;
  }

  private until() {
    const { until, resolved, flags } = this.state;
    const locked = isLocked(flags, 'steps');
    return html`<div>
      <div class="head">
        <label for="until">${t('until.label')}</label>
        ${locked ? lockNote() : nothing}
      </div>
      <input
        id="until"
        type="text"
        inputmode="numeric"
        autocomplete="off"
        ?disabled=${locked}
        aria-describedby=${locked ? 'locked' : nothing}
        .value=${String(until)}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          this.lab.training.setUntil(input.value);
          input.value = String(this.lab.state.until);
        }}
      />
      <p class="small muted">
        ${t('until.help', { horizon: resolved?.horizon ?? 0 })}
      </p>
    </div>`;
  }

  private seed() {
    const { state } = this;
    const seed = fieldIn(state, 'seed');
    if (!seed) return nothing;
    return html`<unnoise-fields
      compact
      .lab=${this.lab}
      .fields=${[seed]}
      .values=${state.resolved?.values ?? {}}
      .drafts=${state.drafts}
      .flags=${state.flags}
    ></unnoise-fields>`;
  }

  static override styles = [
    shared,
    panels,
    css`
      .transport {
        display: grid;
        grid-template-columns: 1fr auto auto;
        gap: 8px;
      }
      .meter {
        height: 3px;
        border-radius: 2px;
        background: var(--line);
        overflow: hidden;
      }
      .meter i {
        display: block;
        height: 100%;
        background: var(--accent);
      }
      .stats {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 8px;
      }
      .stats dd {
        font-size: 1.375rem;
        font-weight: 500;
        line-height: 1.2;
        letter-spacing: -0.01em;
      }
      .two {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 14px;
        align-items: start;
      }
      .head {
        display: flex;
        align-items: baseline;
        gap: 8px;
        min-height: 24px;
        margin-bottom: 4px;
      }
      label {
        font-size: 0.875rem;
        font-weight: 500;
      }
      .two p {
        margin-top: 4px;
      }
    `,
  ];
}

function stat(label: string, value: string) {
  return html`<div>
    <dt class="small muted">${label}</dt>
    <dd>${value}</dd>
  </div>`;
}
