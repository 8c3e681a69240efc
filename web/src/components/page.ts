// What the pages' screens have alike: the head, and what stands there where
// nothing can run. Their styles are styles/page.ts.

import { html, nothing, type TemplateResult } from 'lit';
import type { Need } from '../engine/support';
import { t } from '../strings';
import * as icons from './icons';
import './pages';
import type { PageName } from './pages';

/** `current`: null where no other page is to be had; `action` stands last. */
export function pageHead(
  tagline: string,
  current: PageName | null,
  action: unknown = nothing,
): TemplateResult {
  return html`<header>
    <div class="brand">
      ${icons.brand}
      <h1>unnoise</h1>
      <p class="muted">${tagline}</p>
    </div>
    ${
      current
        ? html`<unnoise-pages current=${current}></unnoise-pages>`
        : nothing
    }
    ${action}
  </header>`;
}

/** A page without a head to be seen still has a name. */
export const unseenHead = html`<header class="unseen">
  <h1>unnoise</h1>
</header>`;

/** `lacks`: what the browser has not, else loading failed, by `failure`. */
export function failedPage(
  head: TemplateResult,
  lacks: Need | 'load' | null,
  failure: string,
): TemplateResult {
  return html`<div class="page">
    ${head}
    <main class="failed" role="alert">
      <h2>${t('failed.title')}</h2>
      <p>${t(`failed.${lacks ?? 'load'}`)}</p>
      ${failure ? html`<pre class="small">${failure}</pre>` : nothing}
      <p>${t('failed.repair')}</p>
      <button
        @click=${() => {
          location.reload();
        }}
      >
        ${icons.reset}${t('failed.again')}
      </button>
    </main>
  </div>`;
}
