// What the page has to tell: problems with their places and repairs, and news
// that a person should not miss. Each stays until it is closed or settled.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Problem } from '../engine/core';
import type { Notice } from '../store/state';
import { t } from '../strings';
import { shared } from '../styles/shared';
import * as icons from './icons';

/** More of them help nobody. */
const MOST_PROBLEMS = 5;

@customElement('unnoise-notices')
export class NoticesElement extends LitElement {
  @property({ attribute: false }) lab!: {
    store: { dropNotice(id: string): void };
  };
  @property({ attribute: false }) notices: Notice[] = [];

  override render() {
    return html`<div
      class="notices"
      role="region"
      aria-label=${t('notice.title')}
    >
      ${this.notices.map((notice) => this.one(notice))}
    </div>`;
  }

  private one({ id, tone, title, problems }: Notice) {
    return html`<div
      class="notice ${tone}"
      role=${tone === 'problem' ? 'alert' : 'status'}
    >
      <div>
        <p>${title}</p>
        ${problems.length > 0 ? list(problems) : nothing}
      </div>
      <button
        class="plain"
        aria-label=${t('notice.close')}
        @click=${() => {
          this.lab.store.dropNotice(id);
        }}
      >
        ${icons.close}
      </button>
    </div>`;
  }

  static override styles = [
    shared,
    css`
      .notices {
        display: grid;
        gap: 8px;
      }
      .notices:has(.notice) {
        padding-bottom: 14px;
      }
      .notice {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
        gap: 8px;
        padding: 2px 2px 2px 16px;
        border-radius: var(--radius);
        background: var(--accent-soft);
        overflow-wrap: anywhere;
      }
      .notice > div {
        padding: 9px 0;
      }
      .notice.problem {
        background: var(--problem-soft);
        color: var(--ink);
        font-size: inherit;
        box-shadow: inset 3px 0 var(--problem);
      }
      code {
        font-family: var(--mono);
        font-size: 0.9em;
        font-weight: 600;
      }
    `,
  ];
}

function list(problems: Problem[]) {
  const hidden = problems.length - MOST_PROBLEMS;
  return html`<ul class="small">
    ${problems
      .slice(0, MOST_PROBLEMS)
      .map(
        ({ path, message }) =>
          html`<li>
            ${path ? html`<code>${path}</code> ` : nothing}${message}
          </li>`,
      )}
    ${
      hidden > 0
        ? html`<li>${t('notice.more', { count: hidden })}</li>`
        : nothing
    }
  </ul>`;
}
