// The process laboratory's screen: where picture, clock and panels stand. What
// is inside the parts is theirs.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FieldSchema } from '../engine/core';
import type { ProcessLab } from '../processes/lab';
import { DEFAULT_ASK, MAX_CELLS, MAX_PARTICLES } from '../processes/link';
import { kindOf, timeAt, timesOf, type ProcessState } from '../processes/state';
import { t } from '../processes/texts';
import { number } from '../strings';
import { page } from '../styles/page';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import './fields';
import * as icons from './icons';
import './notices';
import { failedPage, pageHead, unseenHead } from './page';
import './process-numbers';
import './process-picture';
import './process-share';

/** What is asked for beside the process itself, as fields. */
const ASKED: FieldSchema[] = [
  {
    name: 'particles',
    path: 'n',
    type: 'int',
    help: t('ask.n'),
    default: DEFAULT_ASK.n,
    min: 1,
    max: MAX_PARTICLES,
    scale: 'log',
  },
  {
    name: 'seed',
    path: 'seed',
    type: 'int',
    help: t('ask.seed'),
    default: DEFAULT_ASK.seed,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  },
  {
    name: 'cells',
    path: 'cells',
    type: 'int',
    help: t('ask.cells'),
    default: 0,
    min: 0,
    max: MAX_CELLS,
  },
  {
    name: 'window',
    path: 'window',
    type: 'text',
    help: t('ask.window'),
    default: '',
  },
];

@customElement('unnoise-process-app')
export class ProcessAppElement extends LitElement {
  @property({ attribute: false }) lab!: ProcessLab;
  @state() private shown!: ProcessState;
  private stop = (): void => undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.shown = this.lab.state;
    this.stop = this.lab.subscribe(() => {
      this.shown = this.lab.state;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  override render() {
    const { lab, shown } = this;
    if (shown.phase === 'failed') {
      return failedPage(this.header(), shown.lacks, shown.failure);
    }
    const embed = lab.form === 'embed';
    return html`<div class="page ${lab.form}">
      ${this.header()}
      <unnoise-notices .lab=${lab} .notices=${shown.notices}></unnoise-notices>
      <main>
        <section class="picture" aria-label=${t('picture.title')}>
          <unnoise-process-picture
            .lab=${lab}
            .state=${shown}
          ></unnoise-process-picture>
          ${this.clock()}
        </section>
        <div class="panel">
          ${
            shown.particles
              ? html`<section class="card" aria-label=${t('section.title')}>
                  <unnoise-process-numbers
                    .state=${shown}
                  ></unnoise-process-numbers>
                </section>`
              : nothing
          }
          ${this.choice()}
        </div>
        <div class="more">
          <section class="card" aria-label=${t('choice.draw')}>
            <h2>${t('choice.draw')}</h2>
            <unnoise-fields
              .lab=${lab}
              .fields=${ASKED}
              .values=${{
                ...shown.ask,
                window: shown.ask.window.join(','),
              }}
              .drafts=${shown.drafts}
            ></unnoise-fields>
          </section>
          ${
            embed
              ? nothing
              : html`<unnoise-process-share
                  .lab=${lab}
                  .state=${shown}
                ></unnoise-process-share>`
          }
        </div>
      </main>
      <footer class="small muted about"><p>${t('about.words')}</p></footer>
      <p class="unseen" role="status">${shown.said}</p>
    </div>`;
  }

  private header() {
    if (this.lab.form === 'embed') return unseenHead;
    return pageHead(
      t('lab.tagline'),
      'processes',
      html`<button @click=${() => void this.lab.copy(this.lab.link)}>
        ${icons.link}<span>${t('lab.copyLink')}</span>
      </button>`,
    );
  }

  /** The clock: plays, and moves the knife by keys. */
  private clock() {
    const { lab, shown } = this;
    const times = timesOf(shown);
    const last = Math.max(0, times.length - 1);
    const off = times.length < 2;
    const label = shown.playing ? t('knife.pause') : t('knife.play');
    const reading = t('knife.reading', {
      time: number(timeAt(shown, shown.knife)),
      end: number(times[last] ?? 0),
    });
    return html`<div class="clock">
      <button
        class="play"
        ?disabled=${off}
        aria-label=${label}
        title=${label}
        @click=${() => {
          lab.play();
        }}
      >
        ${shown.playing ? icons.pause : icons.play}
      </button>
      <input
        type="range"
        min="0"
        max=${Math.max(1, last)}
        step="1"
        .value=${String(shown.knife)}
        ?disabled=${off}
        aria-label=${t('knife.title')}
        aria-valuetext=${reading}
        @input=${(event: Event) => {
          lab.cut(Number((event.target as HTMLInputElement).value));
        }}
        @change=${() => {
          lab.settleKnife();
        }}
      />
      <output class="number small" aria-hidden="true">${reading}</output>
    </div>`;
  }

  private choice() {
    const { lab, shown } = this;
    const { description, ask, opened } = shown;
    const kinds = description?.fields[0]?.kinds ?? [];
    return html`<section class="card" aria-label=${t('choice.title')}>
      <div class="choose">
        <label for="process">${t('choice.title')}</label>
        <select
          id="process"
          aria-describedby="about-process"
          @change=${(event: Event) => {
            lab.choose((event.target as HTMLSelectElement).value);
          }}
        >
          ${description?.groups.map(
            ({ title, names }) =>
              html`<optgroup label=${title}>
                ${names.map((name) => {
                  const kind = kinds.find((other) => other.name === name);
                  return html`<option
                    value=${name}
                    .selected=${name === ask.name}
                  >
                    ${kind?.title ?? name}
                  </option>`;
                })}
              </optgroup>`,
          )}
        </select>
        <p id="about-process" class="muted">${kindOf(shown)?.help ?? ''}</p>
      </div>
      <div class="heading">
        <h2>${t('choice.fields')}</h2>
        <button
          class="plain small"
          ?disabled=${!lab.changed}
          @click=${() => {
            lab.reset();
          }}
        >
          ${icons.reset}${t('lab.reset')}
        </button>
      </div>
      <unnoise-fields
        .lab=${lab}
        .fields=${lab.fields}
        .values=${opened?.values ?? {}}
        .drafts=${shown.drafts}
      ></unnoise-fields>
    </section>`;
  }

  static override styles = [
    shared,
    panels,
    page,
    css`
      /* Nothing of an embed may follow the window's height, which follows it. */
      .embed .picture {
        --stage-height: min(96cqw, 420px) !important;
      }
      .picture {
        --stage-height: min(96cqw, 52vh);
        gap: 8px;
      }
      .clock {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 12px;
      }
      .play {
        padding: 0;
        width: var(--target);
      }
      .clock output {
        min-width: 8em;
        text-align: right;
        color: var(--muted);
      }
      .choose {
        display: grid;
        gap: 6px;
      }
      .choose label {
        font-size: 0.8125rem;
        font-weight: 600;
      }
      .heading {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-bottom: -8px;
        border-top: 1px solid var(--line);
        padding-top: 6px;
      }
      .about {
        margin-top: 20px;
        max-width: 68ch;
      }
      @container (width >= 960px) {
        .picture {
          --stage-height: max(360px, calc(100vh - 250px));
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    'unnoise-process-app': ProcessAppElement;
  }
}
