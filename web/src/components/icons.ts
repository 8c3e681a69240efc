// Icons, 16 by 16, in the colour of the text, and the page's mark. They
// decorate: names are text.

import { svg, type SVGTemplateResult } from 'lit';

function icon(content: SVGTemplateResult, filled = false): SVGTemplateResult {
  return svg`<svg
    width="16"
    height="16"
    viewBox="0 0 16 16"
    aria-hidden="true"
    fill=${filled ? 'currentColor' : 'none'}
    stroke=${filled ? 'none' : 'currentColor'}
    stroke-width="1.6"
    stroke-linecap="round"
    stroke-linejoin="round"
  >${content}</svg>`;
}

export const play = icon(svg`<path d="M4 2.5v11l9.5-5.5z" />`, true);
export const pause = icon(
  svg`<path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" />`,
  true,
);
export const step = icon(svg`<path d="M3.5 3.5 9 8l-5.5 4.5zM12 3.5v9" />`);
export const reset = icon(
  svg`<path d="M2.5 8a5.5 5.5 0 1 0 1.800-4.100M2.5 2v3.5H6" />`,
);
export const loop = icon(
  svg`<path d="M3 7.5V6.5a2.5 2.5 0 0 1 2.5-2.5h7M10.5 2l2 2-2 2M13 8.5v1a2.5 2.5 0 0 1-2.5 2.5h-7M5.5 14l-2-2 2-2" />`,
);
export const link = icon(
  svg`<path d="M6.5 9.5a2.800 2.800 0 0 0 4 0l2.300-2.300a2.800 2.800 0 0 0-4-4l-.9.9M9.5 6.5a2.800 2.800 0 0 0-4 0L3.200 8.800a2.800 2.800 0 0 0 4 4l.9-.9" />`,
);
export const copy = icon(
  svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 2.5H4A1.5 1.5 0 0 0 2.5 4v6.5" />`,
);
export const close = icon(svg`<path d="m4 4 8 8M12 4l-8 8" />`);
export const upload = icon(
  svg`<path d="M8 10.5v-8M4.5 6 8 2.5 11.5 6M2.5 10.5v3h11v-3" />`,
);

export const lock = icon(
  svg`<path d="M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5" />`,
);
export const out = icon(
  svg`<path d="M6.5 3.5H3v9.5h9.5V9.5M9 2.5h4.5V7M13.5 2.5 7.5 8.5" />`,
);

/** The page's mark: scattered points that gather into a ring. */
export const brand = svg`<svg
  width="34"
  height="26"
  viewBox="0 0 34 26"
  aria-hidden="true"
>
  <g fill="var(--plot-samples)">
    <circle cx="3" cy="6" r="1.7" opacity=".45" />
    <circle cx="6" cy="19" r="1.7" opacity=".45" />
    <circle cx="10" cy="2.5" r="1.7" opacity=".6" />
    <circle cx="11" cy="12" r="1.7" opacity=".6" />
    <circle cx="15" cy="21.5" r="1.7" opacity=".75" />
    <circle cx="17" cy="7" r="1.7" opacity=".75" />
    <circle cx="23" cy="4" r="2" />
    <circle cx="29" cy="7" r="2" />
    <circle cx="31" cy="13" r="2" />
    <circle cx="29" cy="19" r="2" />
    <circle cx="23" cy="22" r="2" />
  </g>
</svg>`;
