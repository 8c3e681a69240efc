// The switches of the picture's layers, each with the mark that it draws, and
// what the labels' marks mean.

import { css, html, LitElement, unsafeCSS } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { RAMP_STYLE } from '../scenes/ramp';
import { isLocked } from '../store/flags';
import type { Layer } from '../store/link';
import type { LabState } from '../store/state';
import { t } from '../strings';
import { shared } from '../styles/shared';
import { legend } from './legend';
import { lockNote } from './lock-note';

/** Sends `layer` with the one that is to be turned on or off. */
@customElement('unnoise-layers')
export class LayersElement extends LitElement {
  @property({ attribute: false }) state!: LabState;

  override render() {
    const { dim, view, flags, labels } = this.state;
    const locked = isLocked(flags, 'layers');
    const switches: [Layer, string][] = [
      ['data', t('layer.data')],
      ['samples', t('layer.samples')],
      ['trails', t('layer.trails')],
      ['arrows', t('layer.arrows')],
      ['heat', t('layer.heat')],
      ['truth', t('layer.truth')],
    ];
    return html`
      <div class="layers" role="group" aria-label=${t('layer.group')}>
        ${switches.map(
          ([layer, label]) => html`
            <label class=${layer}>
              <input
                type="checkbox"
                .checked=${view.layers.includes(layer)}
                ?disabled=${locked}
                @change=${() => {
                  this.dispatchEvent(
                    new CustomEvent('layer', {
                      detail: layer,
                      bubbles: true,
                      composed: true,
                    }),
                  );
                }}
              />
              <i aria-hidden="true"></i>${label}
            </label>
          `,
        )}
        ${legend(labels)}
        ${
          dim > 2
            ? html`<span class="muted small note"
                >${t('plot.manyAxes', { dim })}</span
              >`
            : ''
        }
        ${locked ? lockNote() : ''}
      </div>
    `;
  }

  static override styles = [
    shared,
    css`
      .layers {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        column-gap: 20px;
        padding: 4px 4px 0;
      }
      label {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: var(--target);
        font-size: 0.875rem;
        cursor: pointer;
      }
      label i {
        width: 8px;
        height: 8px;
        background: var(--plot-data);
      }
      label.samples i {
        width: 10px;
        height: 10px;
        border-radius: 50%;
        background: var(--plot-samples);
      }
      label.truth i {
        width: 10px;
        height: 10px;
        background:
          linear-gradient(
            45deg,
            transparent 43%,
            var(--plot-truth) 43% 57%,
            transparent 57%
          ),
          linear-gradient(
            -45deg,
            transparent 43%,
            var(--plot-truth) 43% 57%,
            transparent 57%
          );
      }
      label.trails i {
        width: 18px;
        height: 2px;
        background: linear-gradient(90deg, transparent, var(--plot-samples));
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
      }
      .legend li {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      label.arrows i {
        width: 16px;
        height: 9px;
        background: var(--ink);
        opacity: 0.7;
        clip-path: polygon(
          0 42%,
          68% 42%,
          55% 0,
          100% 50%,
          55% 100%,
          68% 58%,
          0 58%
        );
      }
      label.heat i {
        width: 22px;
        height: 10px;
        border-radius: 3px;
        background: ${unsafeCSS(RAMP_STYLE)};
        opacity: 0.75;
      }
      .note {
        margin-left: auto;
      }
    `,
  ];
}
