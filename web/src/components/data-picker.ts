// Which data: a tile for every data set with a picture of it, and the person's
// own points by button or by drag and drop.

import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { FieldSchema } from '../engine/core';
import { data as dataScene } from '../scenes/points';
import { scalesFor, windowOf } from '../scenes/scene';
import type { Lab } from '../store/lab';
import { kindOf } from '../store/schema';
import type { LabState } from '../store/state';
import { t } from '../strings';
import { shared } from '../styles/shared';
import * as icons from './icons';
import { Painter, prepare } from './surface';

@customElement('unnoise-data')
export class DataElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) field!: FieldSchema;
  @property({ attribute: false }) values!: Record<string, unknown>;
  @property({ attribute: false }) points!: LabState['points'];
  @property({ attribute: false }) thumbnails!: LabState['thumbnails'];
  /** Shown, but not to be changed: a flag of the link. */
  @property({ type: Boolean }) locked = false;

  private readonly painter = new Painter(this, () => {
    this.draw();
  });

  override updated(): void {
    this.draw();
  }

  private draw(): void {
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      const cloud = this.cloud(canvas.dataset['name'] ?? '');
      const surface = cloud && prepare(canvas);
      if (!cloud || !surface) continue;
      const { context, width, height } = surface;
      const { values, dim } = cloud;
      const frame = { dim, data: values, samples: null, trail: [] };
      const window = windowOf(values, dim);
      // Nothing leaves the picture here, so the data may fill it.
      const scales = scalesFor(
        { ...window, reach: 0.82 * window.reach },
        width,
        height,
      );
      dataScene.draw(context, frame, scales, this.painter.theme);
    }
  }

  private cloud(
    name: string,
  ): { values: Float32Array; dim: number } | undefined {
    if (name !== 'points') return this.thumbnails[name];
    const { points } = this;
    return points
      ? { values: points.values.subarray(0, 400 * points.dim), dim: points.dim }
      : undefined;
  }

  override render() {
    const chosen = kindOf(this.field, this.values);
    const kinds = (this.field.kinds ?? []).filter(
      ({ name }) => name !== 'points' || this.points !== null,
    );
    return html`
      <fieldset ?disabled=${this.locked}>
        <legend class="unseen">${t('data.title')}</legend>
        <div class="tiles">
          ${kinds.map(
            ({ name, title, help }) => html`
              <label class="tile" title=${help}>
                <input
                  type="radio"
                  name="data"
                  .value=${name}
                  .checked=${name === chosen}
                  @change=${() => void this.lab.points.chooseData(name)}
                />
                <canvas aria-hidden="true" data-name=${name}></canvas>
                <span
                  >${
                    name === 'points' ? (this.points?.name ?? title) : title
                  }</span
                >
              </label>
            `,
          )}
          <button
            class="tile upload"
            @click=${() =>
              this.renderRoot
                .querySelector<HTMLInputElement>('input[type=file]')
                ?.click()}
          >
            ${icons.upload}<span>${t('data.upload')}</span>
          </button>
        </div>
        <input
          class="unseen"
          type="file"
          tabindex="-1"
          aria-label=${t('data.file')}
          accept=".csv,.tsv,.txt,.npy,.npz,text/csv,text/plain"
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            const file = input.files?.[0];
            input.value = '';
            if (file) void this.lab.points.loadFile(file);
          }}
        />
      </fieldset>
    `;
  }

  static override styles = [
    shared,
    css`
      .tiles {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(138px, 1fr));
        gap: 8px;
      }
      .tile {
        position: relative;
        display: grid;
        grid-template-columns: 40px minmax(0, 1fr);
        align-items: center;
        gap: 8px;
        min-width: 0;
        min-height: 52px;
        padding: 5px 8px 5px 6px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        font-size: 0.8125rem;
        line-height: 1.25;
        text-align: left;
        cursor: pointer;
      }
      .tile:hover {
        background: var(--sunken);
      }
      .tile span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .tile svg {
        margin: auto;
      }
      .tile input {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        margin: 0;
        opacity: 0;
        cursor: pointer;
      }
      fieldset:disabled .tile {
        background: none;
        cursor: default;
      }
      fieldset:disabled .tile:not(:has(:checked)) {
        opacity: 0.55;
      }
      .tile:has(:checked) {
        border-color: var(--accent);
        box-shadow: inset 0 0 0 1px var(--accent);
        font-weight: 600;
      }
      .tile:has(:focus-visible) {
        outline: 2px solid var(--accent);
        outline-offset: 2px;
      }
      canvas {
        width: 40px;
        height: 40px;
      }
      .upload {
        border-style: dashed;
        border-color: var(--control);
        color: var(--muted);
      }
    `,
  ];
}
