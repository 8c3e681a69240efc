// The button of a registered action: its label, key and whether it may act now
// come from the list (actions.ts).

import { html, type TemplateResult } from 'lit';
import { actionNamed, mayPerform } from '../actions';
import type { Lab } from '../store/lab';
import { t } from '../strings';

export function actionButton(
  lab: Lab,
  name: string,
  icon: unknown,
  kind = '',
): TemplateResult {
  const action = actionNamed(name);
  const label = t(action.label(lab.state));
  return html`<button
    class=${kind}
    data-action=${name}
    title=${t('action.title', { label, key: action.key })}
    ?disabled=${!mayPerform(action, lab.state)}
    @click=${() => action.perform(lab)}
  >
    ${icon}${label}
  </button>`;
}
