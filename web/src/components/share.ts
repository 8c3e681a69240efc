// What leaves the page: the link, the commands that reproduce it, the
// fingerprint, and files; and the way back in, for a run.

import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Lab } from '../store/lab';
import type { LabState } from '../store/state';
import { t, type Key } from '../strings';
import { shared } from '../styles/shared';
import './embed';
import * as icons from './icons';

@customElement('unnoise-share')
export class ShareElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;

  override render() {
    const { lab, state } = this;
    const { fingerprint } = state;
    const fast = state.resolved?.values.fast === true;
    const needs = lab.sharing.linkNeeds;
    const commands = lab.sharing.commands.join('\n');
    const single = lab.sharing.singleFile;
    return html`
      <section>
        <h2>${t('share.fingerprint')}</h2>
        <div class="line">
          <output class="mono" aria-label=${t('share.fingerprint')}
            >${fingerprint?.value ?? '––––––––––––––––'}</output
          >
          ${this.copier(fingerprint?.value ?? '', 'share.fingerprint')}
        </div>
        <p class="small muted">
          ${
            fingerprint
              ? fast
                ? t('share.fingerprintFast', { step: fingerprint.step })
                : t('share.fingerprintAt', { step: fingerprint.step })
              : t('share.fingerprintLater')
          }
        </p>
      </section>
      <section>
        <h2>${t('share.command')}</h2>
        <div class="line">
          <pre tabindex="0" role="region" aria-label=${t('share.command')}>
${lab.sharing.commands.map(
              (command) =>
                html`<code
                  >${command
                    .split(' ')
                    .map((word) => html`<span>${word}</span> `)}</code
                >`,
            )}</pre>
          ${this.copier(commands, 'share.command')}
        </div>
        ${
          lab.sharing.fileToSave
            ? html`<p class="small muted">
                ${t('share.saveFirst', { file: lab.sharing.fileToSave })}
              </p>`
            : ''
        }
      </section>
      <section>
        <h2>${t('share.link')}</h2>
        <div class="line">
          <input
            type="text"
            readonly
            .value=${lab.sharing.linkUrl}
            aria-label=${t('share.link')}
            @focus=${(event: Event) => {
              (event.target as HTMLInputElement).select();
            }}
          />
          ${this.copier(lab.sharing.linkUrl, 'share.link')}
        </div>
        ${
          needs
            ? html`<p class="small muted">
                ${t('share.needs', { file: needs })}
              </p>`
            : ''
        }
      </section>
      <section>
        <h2>${t('share.files')}</h2>
        <div class="files">
          <button @click=${() => void lab.downloads.saveSamples('csv')}>
            ${t('share.samplesCsv')}
          </button>
          <button @click=${() => void lab.downloads.saveSamples('npy')}>
            ${t('share.samplesNpy')}
          </button>
          ${
            state.trainable
              ? html`<button @click=${() => void lab.runs.save()}>
                  ${t('share.run')}
                </button>`
              : ''
          }
          ${
            state.points
              ? html`<button
                  @click=${() => {
                    lab.downloads.savePoints();
                  }}
                >
                  ${t('share.points')}
                </button>`
              : ''
          }
        </div>
        ${
          single
            ? html`<p class="small">
                <a href=${single} download>${t('share.single')}</a>
              </p>`
            : ''
        }
      </section>
      <section>
        <h2>${t('run.title')}</h2>
        <div class="files">
          <button
            @click=${() =>
              this.renderRoot
                .querySelector<HTMLInputElement>('input[type=file]')
                ?.click()}
          >
            ${icons.upload}${t('run.open')}
          </button>
        </div>
        <input
          class="unseen"
          type="file"
          multiple
          tabindex="-1"
          aria-label=${t('run.files')}
          accept=".safetensors,.json,.jsonl,.npy"
          @change=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            const files = [...(input.files ?? [])];
            input.value = '';
            void lab.runs.take(files);
          }}
        />
        <p class="small muted">${t('run.about')}</p>
      </section>
      <unnoise-embed .lab=${lab} .state=${state}></unnoise-embed>
    `;
  }

  private copier(text: string, what: Key) {
    const label = t('share.copy', { what: t(what) });
    return html`<button
      class="copy"
      aria-label=${label}
      title=${label}
      ?disabled=${text === ''}
      @click=${() => void this.lab.sharing.copy(text, what)}
    >
      ${icons.copy}
    </button>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 22px;
      }
      h2 {
        margin-bottom: 8px;
      }
      .line {
        display: grid;
        grid-template-columns: minmax(0, 1fr) var(--target);
        gap: 8px;
        align-items: start;
      }
      .line + p,
      .files ~ p {
        margin-top: 6px;
      }
      .copy {
        padding: 0;
      }
      .mono,
      pre,
      [readonly] {
        font-family: var(--mono);
        font-size: 0.8125rem;
      }
      output,
      pre {
        display: block;
        min-height: var(--target);
        margin: 0;
        padding: 11px 12px;
        border-radius: var(--radius);
        background: var(--sunken);
      }
      output {
        font-size: 0.9375rem;
        letter-spacing: 0.02em;
      }
      pre {
        line-height: 1.6;
        white-space: normal;
      }
      /* Commands wrap between words, never after a hyphen. */
      code {
        display: block;
        font: inherit;
        padding-left: 2ch;
        text-indent: -2ch;
      }
      code span {
        display: inline-block;
        max-width: 100%;
        overflow-wrap: anywhere;
        text-indent: 0;
      }
      .files {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .files button {
        font-size: 0.875rem;
      }
      .files + p a {
        display: inline-flex;
        align-items: center;
        min-height: var(--target);
        color: var(--accent);
      }
    `,
  ];
}
