// Fields that open up below their heading, which says how many of them differ
// from their defaults.

import { html, nothing, type TemplateResult } from 'lit';
import type { FieldSchema } from '../engine/core';
import type { Lab } from '../store/lab';
import { t } from '../strings';
import './fields';

export function group(
  lab: Lab,
  name: string,
  help: string,
  fields: FieldSchema[],
): TemplateResult {
  const { resolved, drafts, flags } = lab.state;
  const inside = (word: string, { path }: FieldSchema): boolean =>
    word.startsWith(`${path}=`) || word.startsWith(`${path}.`);
  const changed = (resolved?.overrides ?? []).filter((word) =>
    fields.some((field) => inside(word, field)),
  ).length;
  return html`<details class="group">
    <summary>
      ${name}
      ${
        changed > 0
          ? html`<span class="badge"
              >${t('experiment.changed', { count: changed })}</span
            >`
          : nothing
      }
    </summary>
    ${help ? html`<p class="small muted">${help}</p>` : nothing}
    <unnoise-fields
      .lab=${lab}
      .fields=${fields}
      .values=${resolved?.values ?? {}}
      .drafts=${drafts}
      .flags=${flags}
    ></unnoise-fields>
  </details>`;
}
