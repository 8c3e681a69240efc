// Above the picture of a process: which of its layers are shown, and what the
// colours of its map stand for.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ProcessLab } from '../processes/lab';
import { LAYERS, type Layer } from '../processes/link';
import type { ProcessState } from '../processes/state';
import { t } from '../processes/texts';
import { RAMP_ALPHA, RAMP_STYLE } from '../scenes/ramp';
import { number } from '../strings';
import { shared } from '../styles/shared';

@customElement('unnoise-process-layers')
export class ProcessLayersElement extends LitElement {
  @property({ attribute: false }) lab!: ProcessLab;
  @property({ attribute: false }) state!: ProcessState;
  /** Where the colours of the map end; null without a map. */
  @property({ attribute: false }) top: number | null = null;

  override render() {
    return html`<div class="legend small">
      <div class="layers" role="group" aria-label=${t('layer.title')}>
        ${LAYERS.filter((layer) => this.offers(layer)).map(
          (layer) =>
            html`<label class="layer ${layer}"
              ><input
                type="checkbox"
                .checked=${this.state.view.layers.includes(layer)}
                @change=${() => {
                  this.lab.toggleLayer(layer);
                }}
              /><i aria-hidden="true"></i>${t(`layer.${layer}`)}</label
            >`,
        )}
      </div>
      ${this.top === null ? nothing : this.ramp(this.top)}
    </div>`;
  }

  private ramp(top: number) {
    const states = (this.state.drawn?.states ?? 0) > 0;
    return html`<p class="ramp number">
      <span>${states ? t('picture.scaleStates') : t('picture.scale')}</span>
      0<i style=${`background:${RAMP_STYLE};opacity:${RAMP_ALPHA}`}></i
      >${number(top, 2)}${states ? '' : '+'}
    </p>`;
  }

  private offers(layer: Layer): boolean {
    const { law } = this.state;
    if (layer === 'quantiles') return (law?.quantiles.length ?? 0) > 0;
    if (layer === 'current') return (law?.current.length ?? 0) > 0;
    return true;
  }

  static override styles = [
    shared,
    css`
      .legend {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 16px;
      }
      .layers {
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
      }
      .layer {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        min-height: var(--target);
        cursor: pointer;
      }
      .layer i {
        width: 12px;
        height: 12px;
        border-radius: 3px;
      }
      .layer.density i {
        background: linear-gradient(45deg, #39568c, #29af7f, #dce319);
        opacity: 0.6;
      }
      .layer.paths i {
        height: 3px;
        width: 16px;
        background: var(--plot-samples);
      }
      .layer.quantiles i {
        height: 0;
        width: 16px;
        border-top: 2px dashed var(--ink);
        border-radius: 0;
      }
      .layer.current i {
        width: 2px;
        background: var(--ink);
      }
      .ramp {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--muted);
      }
      .ramp i {
        width: 84px;
        height: 10px;
        border-radius: 2px;
        mask-image: linear-gradient(90deg, transparent, #000 10%);
      }
    `,
  ];
}
