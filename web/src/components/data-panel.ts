// What is trained on: the choice of data, what is known of a person's own
// points, and the settings of the data set.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { isFieldLocked } from '../store/flags';
import type { Lab } from '../store/lab';
import { fieldsOf, kindOf } from '../store/schema';
import { MAX_DRAWN } from '../store/drawing';
import {
  dataTitleOf,
  fieldIn,
  type LabState,
  type PointsFile,
} from '../store/state';
import { t } from '../strings';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import './data-picker';
import './drawing';
import { drawable, type DrawingElement } from './drawing';
import { group } from './group';
import * as icons from './icons';
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
        .reading=${state.reading}
        @draw=${() => void this.drawing.open()}
      ></unnoise-data>
      ${
        kindOf(field, values) === 'points' && points
          ? this.about(points)
          : nothing
      }
      ${
        own.length > 0
          ? group(lab, t('data.fields', { name: dataTitleOf(state) }), '', own)
          : nothing
      }
      <unnoise-drawing .lab=${lab} .state=${state}></unnoise-drawing>
    </section>`;
  }

  private get drawing(): DrawingElement {
    return this.renderRoot.querySelector('unnoise-drawing')!;
  }

  private about({ name, values, labels, count, dim }: PointsFile) {
    const classes = new Set(labels).size;
    return html`<p class="small muted">
        ${t('points.about', { file: name, count, dim })}
        ${classes > 0 ? t('points.classes', { count: classes }) : nothing}
      </p>
      ${
        dim === 2 && count <= MAX_DRAWN
          ? html`<button
              class="edit small"
              @click=${() => void this.drawing.open(drawable(values, labels))}
            >
              ${icons.draw}${t('points.edit')}
            </button>`
          : nothing
      }`;
  }

  static override styles = [
    shared,
    panels,
    css`
      .edit {
        justify-self: start;
      }
    `,
  ];
}
