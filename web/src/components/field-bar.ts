// Below the plot while arrows or heat map are shown: at which t, and what their
// lengths and colours mean.

import { css, html, LitElement, unsafeCSS } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { longestPixels, scaleOf } from '../scenes/field-scale';
import { RAMP_ALPHA, RAMP_STYLE } from '../scenes/ramp';
import { fieldTimeOf, type LabState } from '../store/state';
import { t } from '../strings';
import { shared } from '../styles/shared';

const SLIDER_STEPS = 100;

@customElement('unnoise-field-bar')
export class FieldBarElement extends LitElement {
  @property({ attribute: false }) state!: LabState;
  /** Pixels for one data unit of the plot. */
  @property({ attribute: false }) zoom = 0;

  override render() {
    const { state } = this;
    const { field, mode, dim, view } = state;
    const time = fieldTimeOf(state);
    if (time === null) return '';
    const { layers } = view;
    return html`
      <p class="small muted">
        ${t('map.about', { t: time.toFixed(3) })}${dim > 2 ? t('map.elsewhere') : ''}
      </p>
      <div class="row">
        ${mode === 'live' ? this.slider(time) : ''}
        ${field && layers.includes('arrows') ? this.arrow() : ''}
        ${field && layers.includes('heat') ? this.ramp() : ''}
      </div>
    `;
  }

  private slider(time: number) {
    return html`<label class="small time">
      <span>${t('map.time')}</span>
      <input
        type="range"
        min="0"
        max=${SLIDER_STEPS}
        .value=${String(Math.round(SLIDER_STEPS * time))}
        aria-label=${t('map.timeLabel')}
        aria-valuetext=${time.toFixed(3)}
        @input=${(event: Event) => {
          const at = Number((event.target as HTMLInputElement).value);
          const detail = at / SLIDER_STEPS;
          this.dispatchEvent(
            new CustomEvent('time', { detail, bubbles: true, composed: true }),
          );
        }}
      />
    </label>`;
  }

  private arrow() {
    const field = this.state.field!;
    const cap = String(scaleOf(field).cap);
    const size = longestPixels(field, this.zoom);
    return html`<p class="small number key">
      <span class="unseen">${t('map.arrowLabel', { cap })}</span>
      <svg
        aria-hidden="true"
        width=${size + 2}
        height="9"
        fill="none"
        stroke="currentColor"
        stroke-width="1.2"
        stroke-linecap="round"
        stroke-linejoin="round"
      >
        <path d="M1 4.5h${size}m-5 -2.5l5 2.5l-5 2.5" />
      </svg>
      <span aria-hidden="true">${t('map.arrow', { cap })}</span>
    </p>`;
  }

  private ramp() {
    const most = String(scaleOf(this.state.field!).most);
    return html`<p class="small number key">
      <span class="unseen">${t('map.heatLabel', { most })}</span>
      <span aria-hidden="true">0</span>
      <i aria-hidden="true"></i>
      <span aria-hidden="true">${most}</span>
      <span aria-hidden="true" class="muted">${t('map.length')}</span>
    </p>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        padding: 0 4px;
      }
      .row {
        order: -1;
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        column-gap: 24px;
        min-height: var(--target);
      }
      .time {
        display: flex;
        flex: 1 1 220px;
        max-width: 320px;
        align-items: center;
        gap: 12px;
        white-space: nowrap;
      }
      .key {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 32px;
      }
      svg {
        opacity: 0.7;
        overflow: visible;
      }
      .key i {
        width: 120px;
        height: 10px;
        border-radius: 3px;
        background: ${unsafeCSS(RAMP_STYLE)};
        opacity: ${RAMP_ALPHA};
      }
    `,
  ];
}
