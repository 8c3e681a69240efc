// What the marks of labelled points mean: shape, colour and label, as a person
// sees them in the picture.

import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import { classesOf, colorOf, outlineOf } from '../scenes/marks';
import { t } from '../strings';

/** More labels than there are marks are not told apart by a legend. */
const MOST = 8;

/** A label's mark, 12 by 12. */
export function markOf(label: number): SVGTemplateResult {
  return svg`<svg
    width="12"
    height="12"
    viewBox="-1.5 -1.5 3 3"
    aria-hidden="true"
  ><path d=${outlineOf(label)} fill=${colorOf(label)} /></svg>`;
}

export function legend(labels: Uint8Array): TemplateResult | '' {
  const classes = classesOf(labels);
  if (classes.length === 0) return '';
  const hidden = classes.length - MOST;
  return html`<ul class="legend small" aria-label=${t('legend.title')}>
    ${classes.slice(0, MOST).map(
      (label) =>
        html`<li>
          ${markOf(label)}<span
            ><span class="unseen">${t('legend.label')} </span>${label}</span
          >
        </li>`,
    )}
    ${
      hidden > 0
        ? html`<li class="muted">${t('notice.more', { count: hidden })}</li>`
        : ''
    }
  </ul>`;
}
