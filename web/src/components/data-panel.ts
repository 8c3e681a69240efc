// What is trained on: the choice of data, what is known of a person's own
// points, and the settings of the data set.

import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isFieldLocked } from '../store/flags';
import type { Lab } from '../store/lab';
import { fieldsOf, kindOf } from '../store/schema';
import { dataTitleOf, fieldIn, type LabState } from '../store/state';
import { t } from '../strings';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import './data-picker';
import { group } from './group';
import { lockNote } from './lock-note';

/** Fields of data=points that the file decides. */
const OF_THE_FILE = ['data.file', 'data.count', 'data.dim', 'data.digest'];

@customElement('unnoise-data-panel')
export class DataPanelElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;

  override render() {
    const { lab, state } = this;
    const { points, resolved, thumbnails } = state;
    const field = fieldIn(state, 'data');
    if (!field || !resolved) return nothing;
    const { values } = resolved;
    const locked = isFieldLocked(state.flags, 'data');
    const own = fieldsOf(field, values).filter(
      ({ path }) => !OF_THE_FILE.includes(path),
    );
    return html`<section class="card" aria-label=${t('data.title')}>
      <h2>${t('data.title')} ${locked ? lockNote() : nothing}</h2>
      <unnoise-data
        .lab=${lab}
        .field=${field}
        .values=${values}
        .points=${points}
        .thumbnails=${thumbnails}
        .locked=${locked}
      ></unnoise-data>
      ${
        kindOf(field, values) === 'points' && points
          ? html`<p class="small muted">
              ${t('points.about', { file: points.name, count: points.count, dim: points.dim })}
            </p>`
          : nothing
      }
      ${
        own.length > 0
          ? group(lab, t('data.fields', { name: dataTitleOf(state) }), '', own)
          : nothing
      }
    </section>`;
  }

  static override styles = [shared, panels];
}
