// Every other hyperparameter, in groups: what the data panel and the training
// panel do not show.

import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FieldSchema } from '../engine/core';
import type { Lab } from '../store/lab';
import { SHOWN_ELSEWHERE } from '../store/flags';
import { labelOf, topFields } from '../store/schema';
import type { LabState } from '../store/state';
import { t } from '../strings';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import { group } from './group';

@customElement('unnoise-experiment')
export class ExperimentElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;

  override render() {
    const { lab, state } = this;
    const fields = topFields(
      state.description?.experiment ?? [],
      state.resolved?.values ?? {},
    ).filter(
      ({ path }) =>
        !SHOWN_ELSEWHERE.includes(path) &&
        // Nothing to be chosen here: a file gave them, or they are drawn.
        (path !== 'weights' || state.resolved?.values.weights !== ''),
    );
    const rest = fields.filter((field) => !standsAlone(field));
    return html`<section class="card" aria-label=${t('experiment.title')}>
      <h2>${t('experiment.title')}</h2>
      ${
        state.trainable
          ? html`<p class="small muted">
              ${t('experiment.about', { parameters: state.parameters })}
            </p>`
          : ''
      }
      ${fields.filter(standsAlone).map((field) => {
        const help = field.type === 'section' ? field.help : '';
        return group(lab, labelOf(field), help, [field]);
      })}
      ${rest.length > 0 ? group(lab, t('experiment.rest'), '', rest) : ''}
    </section>`;
  }

  static override styles = [shared, panels];
}

/** Whether a field has fields of its own, and so makes a group. */
function standsAlone({ type, inline }: FieldSchema): boolean {
  return type === 'section' || (type === 'kind' && !inline);
}
