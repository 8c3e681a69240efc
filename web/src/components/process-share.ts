// What leaves the process laboratory: the command that gives the same numbers,
// the link, and HTML for other pages.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ProcessLab } from '../processes/lab';
import { commandOf } from '../processes/link';
import type { ProcessState } from '../processes/state';
import { t } from '../processes/texts';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import * as icons from './icons';

@customElement('unnoise-process-share')
export class ProcessShareElement extends LitElement {
  @property({ attribute: false }) lab!: ProcessLab;
  @property({ attribute: false }) state!: ProcessState;

  override render() {
    const { lab, state } = this;
    const command = commandOf(state.ask, state.started?.way !== undefined);
    return html`<section class="card" aria-label=${t('give.title')}>
      <div class="give">
        <h2>${t('give.command')}</h2>
        <div class="line">
          <pre tabindex="0" role="region" aria-label=${t('give.command')}><code
            >${command}</code
          ></pre>
          ${this.copier(command, t('give.command'))}
        </div>
        <p class="small muted">${t('give.commandHelp')}</p>
      </div>
      <div class="give">
        <h2>${t('give.link')}</h2>
        <div class="line">
          <input
            type="text"
            readonly
            .value=${lab.link}
            aria-label=${t('give.link')}
            @focus=${(event: Event) => {
              (event.target as HTMLInputElement).select();
            }}
          />
          ${this.copier(lab.link, t('give.link'))}
        </div>
      </div>
      ${
        lab.embed === null
          ? nothing
          : html`<div class="give">
              <h2>${t('give.embed')}</h2>
              <div class="line">
                <input
                  type="text"
                  readonly
                  .value=${lab.embed}
                  aria-label=${t('give.embed')}
                  @focus=${(event: Event) => {
                    (event.target as HTMLInputElement).select();
                  }}
                />
                ${this.copier(lab.embed, t('give.embed'))}
              </div>
            </div>`
      }
    </section>`;
  }

  private copier(text: string, what: string) {
    return html`<button
      class="copy"
      aria-label=${`${t('lab.copy')}: ${what}`}
      title=${t('lab.copy')}
      @click=${() => void this.lab.copy(text)}
    >
      ${icons.copy}
    </button>`;
  }

  static override styles = [
    shared,
    panels,
    css`
      .give {
        display: grid;
        gap: 6px;
      }
      .line {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px;
      }
      .copy {
        padding: 0;
      }
      pre {
        margin: 0;
        padding: 11px 12px;
        border-radius: var(--radius);
        background: var(--sunken);
        font: 0.8125rem/1.5 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];
}
