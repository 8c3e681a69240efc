// What stands beside a thing that the link locks: a small lock, and why in
// words for those who do not see it.

import { html, type TemplateResult } from 'lit';
import { t } from '../strings';
import * as icons from './icons';

export function lockNote(): TemplateResult {
  return html`<span class="lock muted" title=${t('locked.title')}
    >${icons.lock}<span id="locked" class="unseen"
      >${t('locked.title')}</span
    ></span
  >`;
}
