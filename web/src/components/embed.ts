// The lab for another page: what to hide and lock there, and the lines of HTML
// that show it.

import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { DEFAULT_FLAGS, type Flags, type Part } from '../store/flags';
import type { Lab } from '../store/lab';
import { dataTitleOf, type LabState } from '../store/state';
import { t } from '../strings';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import * as icons from './icons';

/** Parts that an embed shows unless they are hidden here, and their names. */
const CHOICES = [
  ['timeline', 'embed.timeline'],
  ['layers', 'layer.group'],
  ['training', 'train.title'],
  ['loss', 'stat.loss'],
  ['data', 'data.title'],
  ['experiment', 'experiment.title'],
  ['share', 'share.title'],
] as const;
/** Beside the text of a course the picture comes first. */
const FEW: Part[] = ['experiment', 'share'];
const SETTINGS = ['data', 'experiment', 'seed', 'steps'];
const THEMES = [
  ['auto', 'embed.auto'],
  ['light', 'embed.light'],
  ['dark', 'embed.dark'],
] as const;
/** Until the first message of its size, and without the script. */
const FIRST_HEIGHT = 900;

@customElement('unnoise-embed')
export class EmbedElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;
  @state() private flags: Flags = { ...DEFAULT_FLAGS, hide: FEW };

  override render() {
    const { hide, lock, theme } = this.flags;
    return html`<details class="group">
      <summary>${t('embed.title')}</summary>
      <p class="small muted">${t('embed.about')}</p>
      <fieldset>
        <legend class="small">${t('embed.shown')}</legend>
        ${CHOICES.map(([part, label]) =>
          this.check(t(label), !hide.includes(part), (on) => ({
            hide: on ? hide.filter((other) => other !== part) : [...hide, part],
          })),
        )}
      </fieldset>
      ${this.check(t('embed.lock'), lock.length > 0, (on) => ({
        lock: on ? SETTINGS : [],
      }))}
      <label class="theme small">
        ${t('embed.theme')}
        <select
          @change=${(event: Event) => {
            const { value } = event.target as HTMLSelectElement;
            const chosen = THEMES.find(([name]) => name === value);
            if (chosen) this.flags = { ...this.flags, theme: chosen[0] };
          }}
        >
          ${THEMES.map(
            ([name, label]) =>
              html`<option value=${name} .selected=${name === theme}>
                ${t(label)}
              </option>`,
          )}
        </select>
      </label>
      <div class="code">
        <pre tabindex="0" role="region" aria-label=${t('embed.code')}>
${this.code}</pre>
        <button
          @click=${() => void this.lab.sharing.copy(this.code, 'embed.code')}
        >
          ${icons.copy}${t('embed.copy')}
        </button>
      </div>
    </details>`;
  }

  private check(
    label: string,
    checked: boolean,
    change: (on: boolean) => Partial<Flags>,
  ) {
    return html`<label class="check">
      <input
        type="checkbox"
        .checked=${checked}
        @change=${(event: Event) => {
          const on = (event.target as HTMLInputElement).checked;
          this.flags = { ...this.flags, ...change(on) };
        }}
      />
      ${label}
    </label>`;
  }

  /** The frame, and a script that makes every such frame as high as its lab. */
  private get code(): string {
    const url = this.lab.sharing.embedUrl(this.flags).replaceAll('&', '&amp;');
    const title = `unnoise: ${dataTitleOf(this.state)}`
      .replaceAll('&', '&amp;')
      .replaceAll('"', '&quot;');
    return `<iframe src="${url}"
  title="${title}" loading="lazy" allow="clipboard-write"
  style="width: 100%; height: ${FIRST_HEIGHT}px; border: 0"></iframe>
<script>
  addEventListener('message', ({ data, source }) => {
    if (data?.type !== 'unnoise:size') return;
    for (const frame of document.querySelectorAll('iframe')) {
      if (frame.contentWindow !== source) continue;
      frame.style.height = Math.min(5000, Number(data.height)) + 'px';
    }
  });
</script>`;
  }

  static override styles = [
    shared,
    panels,
    css`
      .group {
        margin-bottom: -14px;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: var(--target);
      }
      fieldset {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
        column-gap: 14px;
      }
      .theme {
        display: grid;
        gap: 4px;
        margin-bottom: 14px;
      }
      .code {
        display: grid;
        gap: 8px;
      }
      pre {
        max-height: 260px;
        margin: 0;
        padding: 11px 12px;
        border-radius: var(--radius);
        background: var(--sunken);
        font: 0.8125rem/1.6 var(--mono);
        overflow: auto;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];
}
