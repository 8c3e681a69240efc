// The foot of the page: the keys and whether they act, and what this is.

import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ACTIONS } from '../actions';
import type { Lab } from '../store/lab';
import type { LabState } from '../store/state';
import { t } from '../strings';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';

@customElement('unnoise-help')
export class HelpElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;

  override render() {
    const { lab, state } = this;
    return html`<footer>
      <details class="group">
        <summary>${t('help.title')}</summary>
        <label class="check">
          <input
            type="checkbox"
            .checked=${state.shortcuts}
            @change=${() => {
              lab.toggleShortcuts();
            }}
          />
          ${t('help.shortcuts')}
        </label>
        <dl class="keys small">
          ${ACTIONS.map(
            (action) =>
              html`<div>
                <dt><kbd>${keyName(action.key)}</kbd></dt>
                <dd>${t(action.label(state))}</dd>
              </div>`,
          )}
        </dl>
      </details>
      <p class="small muted">
        ${t('app.about', { version: state.description?.version ?? '' })}
      </p>
    </footer>`;
  }

  static override styles = [
    shared,
    panels,
    css`
      footer {
        margin-top: 28px;
      }
      footer > p {
        padding-top: 14px;
        border-top: 1px solid var(--line);
      }
      .check {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: var(--target);
      }
      .keys {
        columns: 220px auto;
        column-gap: 32px;
        margin-top: 8px;
      }
      .keys div {
        display: flex;
        gap: 12px;
        padding: 5px 0;
        break-inside: avoid;
      }
      kbd {
        display: inline-block;
        min-width: 26px;
        padding: 1px 6px;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--surface);
        font-family: var(--mono);
        font-size: 0.9em;
        text-align: center;
      }
    `,
  ];
}

function keyName(key: string): string {
  return { ArrowLeft: '←', ArrowRight: '→' }[key] ?? key;
}
