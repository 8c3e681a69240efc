// The way between the lab's pages. A single file stands alone, without the
// others beside it, and then there is nothing to show.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { t } from '../strings';
import { shared } from '../styles/shared';

/** Name and document of each page that was built; set by vite.config.ts. */
declare const PAGES: readonly { name: PageName; file: string }[];

export type PageName = 'train' | 'solvers' | 'processes';

@customElement('unnoise-pages')
export class PagesElement extends LitElement {
  @property() current: PageName = 'train';

  override render() {
    const alone = document.documentElement.dataset['form'] !== undefined;
    if (alone || PAGES.length < 2) return nothing;
    return html`<nav aria-label=${t('pages.title')}>
      ${PAGES.map(
        ({ name, file }) =>
          html`<a
            href=${`./${file}`}
            aria-current=${name === this.current ? 'page' : nothing}
            >${t(`pages.${name}`)}</a
          >`,
      )}
    </nav>`;
  }

  static override styles = [
    shared,
    css`
      nav {
        display: flex;
        gap: 2px;
      }
      a {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
        padding: 0 12px;
        border-radius: var(--radius);
        color: var(--muted);
        text-decoration: none;
      }
      a:hover {
        color: var(--ink);
      }
      a[aria-current] {
        color: var(--ink);
        font-weight: 600;
        text-decoration: underline 2px var(--accent);
        text-underline-offset: 7px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'unnoise-pages': PagesElement;
  }
}
