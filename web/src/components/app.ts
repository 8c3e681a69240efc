// The one screen: picture and time line, what is trained on, how training
// goes, every hyperparameter, and what can be taken away.

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ACTIONS, actionNamed, performKey } from '../actions';
import type { FieldSchema } from '../engine/core';
import type { Lab } from '../store/lab';
import type { Layer } from '../store/link';
import { fieldsOf, kindOf, labelOf, topFields } from '../store/schema';
import type { LabState, Notice } from '../store/state';
import { number, t, type Key } from '../strings';
import { shared } from '../styles/shared';
import './data-picker';
import './fields';
import * as icons from './icons';
import './loss';
import './plot';
import './share';
import './timeline';

/** The live region speaks at most this often. */
const SAY_MS = 5000;
/** Fields of data=points that the file decides. */
const OF_THE_FILE = ['data.file', 'data.count', 'data.dim', 'data.digest'];

@customElement('unnoise-app')
export class AppElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @state() private shown!: LabState;
  @state() private dropping = false;
  @state() private progress = '';

  private stop = (): void => undefined;
  private saidAt = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.shown = this.lab.state;
    this.stop = this.lab.subscribe(() => {
      this.shown = this.lab.state;
      this.sayProgress();
    });
    addEventListener('keydown', this.onKey);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
    removeEventListener('keydown', this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    const busy =
      target instanceof Element &&
      target.matches('input, select, textarea, summary, pre, [role=region]');
    if (busy || event.defaultPrevented || !this.shown.shortcuts) return;
    if (performKey(event, this.lab)) event.preventDefault();
  };

  private sayProgress(): void {
    const { running, step, until, loss } = this.shown;
    const now = performance.now();
    if (running && now - this.saidAt < SAY_MS) return;
    this.saidAt = now;
    this.progress =
      step > 0 ? t('say.progress', { step, until, loss: number(loss) }) : '';
  }

  override render() {
    const { shown } = this;
    if (shown.phase === 'failed') return this.failed();
    return html`
      <div
        class="page ${this.dropping ? 'dropping' : ''}"
        @dragover=${(event: DragEvent) => {
          if (!event.dataTransfer?.types.includes('Files')) return;
          event.preventDefault();
          this.dropping = true;
        }}
        @dragleave=${(event: DragEvent) => {
          if (event.relatedTarget === null) this.dropping = false;
        }}
        @drop=${(event: DragEvent) => {
          event.preventDefault();
          this.dropping = false;
          const file = event.dataTransfer?.files[0];
          if (file) void this.lab.loadFile(file);
        }}
      >
        ${this.header()} ${this.notices()}
        <main>
          <section class="picture" aria-label=${t('plot.title')}>
            <unnoise-plot
              .state=${shown}
              .dataTitle=${this.dataTitle}
              @layer=${(event: CustomEvent<Layer>) => {
                this.lab.toggleLayer(event.detail);
              }}
              @live=${() => void this.lab.goLive()}
            ></unnoise-plot>
            <unnoise-timeline
              .lab=${this.lab}
              .state=${shown}
            ></unnoise-timeline>
          </section>
          <div class="panel">${this.training()} ${this.data()}</div>
          <div class="more">
            <section class="card" aria-label=${t('experiment.title')}>
              <h2>${t('experiment.title')}</h2>
              <p class="small muted">
                ${t('experiment.about', { parameters: shown.parameters })}
              </p>
              ${this.groups()}
            </section>
            <section class="card" aria-label=${t('share.title')}>
              <unnoise-share .lab=${this.lab} .state=${shown}></unnoise-share>
            </section>
          </div>
        </main>
        ${this.help()}
        <p class="unseen" role="status">${shown.said}</p>
        <p class="unseen" aria-live="polite" id="progress">${this.progress}</p>
      </div>
    `;
  }

  private get experiment(): FieldSchema[] {
    return topFields(this.shown.description?.experiment ?? [], this.values);
  }

  private field(path: string): FieldSchema | undefined {
    return this.experiment.find((field) => field.path === path);
  }

  private get values(): Record<string, unknown> {
    return this.shown.resolved?.values ?? {};
  }

  private get dataTitle(): string {
    const field = this.field('data');
    if (!field) return '';
    const kind = kindOf(field, this.values);
    return field.kinds?.find(({ name }) => name === kind)?.title ?? kind;
  }

  private header() {
    return html`<header>
      <div class="brand">
        <svg width="34" height="26" viewBox="0 0 34 26" aria-hidden="true">
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
        </svg>
        <h1>unnoise</h1>
        <p class="muted">${t('app.tagline')}</p>
      </div>
      ${this.button('share', icons.link, '')}
    </header>`;
  }

  private notices() {
    return html`<div
      class="notices"
      role="region"
      aria-label=${t('notice.title')}
    >
      ${this.shown.notices.map((notice) => this.notice(notice))}
    </div>`;
  }

  private notice({ id, tone, title, problems }: Notice) {
    return html`<div
      class="notice ${tone}"
      role=${tone === 'problem' ? 'alert' : 'status'}
    >
      <div>
        <p>${title}</p>
        ${
          problems.length > 0
            ? html`<ul class="small">
                ${problems
                  .slice(0, 5)
                  .map(
                    ({ path, message }) =>
                      html`<li>
                        ${path ? html`<code>${path}</code> ` : nothing}${message}
                      </li>`,
                  )}
                ${
                  problems.length > 5
                    ? html`<li>
                        ${t('notice.more', { count: problems.length - 5 })}
                      </li>`
                    : nothing
                }
              </ul>`
            : nothing
        }
      </div>
      <button
        class="plain"
        aria-label=${t('notice.close')}
        @click=${() => {
          this.lab.dropNotice(id);
        }}
      >
        ${icons.close}
      </button>
    </div>`;
  }

  private button(name: string, icon: unknown, kind: string) {
    const action = actionNamed(name);
    const label = t(action.label(this.shown));
    return html`<button
      class=${kind}
      data-action=${name}
      title=${t('action.title', { label, key: action.key })}
      ?disabled=${!action.enabled(this.shown)}
      @click=${() => action.perform(this.lab)}
    >
      ${icon}${label}
    </button>`;
  }

  private training() {
    const { shown, lab } = this;
    const { running, step, until, speed, loss, history, diverged } = shown;
    const seed = this.field('seed');
    return html`<section class="card training" aria-label=${t('train.title')}>
      <div class="transport">
        ${this.button('train', running ? icons.pause : icons.play, 'primary')}
        ${this.button('step', icons.step, '')}
        ${this.button('reset', icons.reset, '')}
      </div>
      <div
        class="meter"
        role="progressbar"
        aria-label=${t('train.progress')}
        aria-valuemin="0"
        aria-valuemax=${until}
        aria-valuenow=${Math.min(step, until)}
      >
        <i
          style="width:${until > 0 ? Math.min(100, (100 * step) / until) : 0}%"
        ></i>
      </div>
      <dl class="stats number">
        ${this.stat('stat.step', number(step))}
        ${this.stat('stat.loss', diverged ? '∞' : number(loss))}
        ${this.stat('stat.speed', running && speed > 0 ? number(Math.round(speed)) : '–')}
      </dl>
      <unnoise-loss
        .history=${history}
        .version=${history.version}
        .until=${until}
      ></unnoise-loss>
      <div class="two">
        <div>
          <label for="until">${t('until.label')}</label>
          <input
            id="until"
            type="text"
            inputmode="numeric"
            autocomplete="off"
            .value=${String(until)}
            @change=${(event: Event) => {
              const input = event.target as HTMLInputElement;
              lab.setUntil(input.value);
              input.value = String(this.lab.state.until);
            }}
          />
          <p class="small muted">
            ${t('until.help', { horizon: shown.resolved?.horizon ?? 0 })}
          </p>
        </div>
        ${
          seed
            ? html`<unnoise-fields
                compact
                .lab=${lab}
                .fields=${[seed]}
                .values=${this.values}
                .drafts=${shown.drafts}
              ></unnoise-fields>`
            : nothing
        }
      </div>
    </section>`;
  }

  private stat(label: Key, value: string) {
    return html`<div>
      <dt class="small muted">${t(label)}</dt>
      <dd>${value}</dd>
    </div>`;
  }

  private data() {
    const { shown, lab, values } = this;
    const field = this.field('data');
    if (!field || !shown.resolved) return nothing;
    const own = fieldsOf(field, values).filter(
      ({ path }) => !OF_THE_FILE.includes(path),
    );
    const { points } = shown;
    return html`<section class="card" aria-label=${t('data.title')}>
      <h2>${t('data.title')}</h2>
      <unnoise-data
        .lab=${lab}
        .field=${field}
        .values=${values}
        .points=${points}
        .thumbnails=${shown.thumbnails}
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
          ? html`<details class="group">
              <summary>
                ${t('data.fields', { name: this.dataTitle })}
                ${this.changes(own)}
              </summary>
              <unnoise-fields
                .lab=${lab}
                .fields=${own}
                .values=${values}
                .drafts=${shown.drafts}
              ></unnoise-fields>
            </details>`
          : nothing
      }
    </section>`;
  }

  /** Fields with fields of their own make a group each; the rest makes one. */
  private groups() {
    const { shown, lab, values } = this;
    const others = this.experiment.filter(
      ({ path }) => path !== 'seed' && path !== 'data',
    );
    const grouped = ({ type, inline }: FieldSchema): boolean =>
      type === 'section' || (type === 'kind' && !inline);
    const group = (name: string, help: string, fields: FieldSchema[]) => html`
      <details class="group">
        <summary>${name} ${this.changes(fields)}</summary>
        ${help ? html`<p class="small muted">${help}</p>` : nothing}
        <unnoise-fields
          .lab=${lab}
          .fields=${fields}
          .values=${values}
          .drafts=${shown.drafts}
        ></unnoise-fields>
      </details>
    `;
    const rest = others.filter((field) => !grouped(field));
    return html`
      ${others
        .filter(grouped)
        .map((field) =>
          group(labelOf(field), field.type === 'section' ? field.help : '', [
            field,
          ]),
        )}
      ${rest.length > 0 ? group(t('experiment.rest'), '', rest) : nothing}
    `;
  }

  /** How many of the fields differ from their defaults. */
  private changes(fields: FieldSchema[]) {
    const words = this.shown.resolved?.overrides ?? [];
    const inside = (word: string, { path }: FieldSchema): boolean =>
      word.startsWith(`${path}=`) || word.startsWith(`${path}.`);
    const count = words.filter((word) =>
      fields.some((field) => inside(word, field)),
    ).length;
    return count > 0
      ? html`<span class="badge">${t('experiment.changed', { count })}</span>`
      : nothing;
  }

  private help() {
    return html`<footer>
      <details class="group">
        <summary>${t('help.title')}</summary>
        <label class="check">
          <input
            type="checkbox"
            .checked=${this.shown.shortcuts}
            @change=${() => {
              this.lab.toggleShortcuts();
            }}
          />
          ${t('help.shortcuts')}
        </label>
        <dl class="keys small">
          ${ACTIONS.map(
            (action) =>
              html`<div>
                <dt><kbd>${keyName(action.key)}</kbd></dt>
                <dd>${t(action.label(this.shown))}</dd>
              </div>`,
          )}
        </dl>
      </details>
      <p class="small muted">
        ${t('app.about', { version: this.shown.description?.version ?? '' })}
      </p>
    </footer>`;
  }

  private failed() {
    const { lacks, failure } = this.shown;
    return html`<div class="page">
      ${this.header()}
      <main class="failed" role="alert">
        <h2>${t('failed.title')}</h2>
        <p>${t(`failed.${lacks ?? 'load'}`)}</p>
        ${failure ? html`<pre class="small">${failure}</pre>` : nothing}
        <p>${t('failed.repair')}</p>
        <button
          @click=${() => {
            location.reload();
          }}
        >
          ${icons.reset}${t('failed.again')}
        </button>
      </main>
    </div>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        container-type: inline-size;
      }
      .page {
        max-width: 1320px;
        margin: 0 auto;
        padding: 0 clamp(14px, 2.5cqw, 32px) 32px;
      }
      .page.dropping {
        outline: 3px dashed var(--accent);
        outline-offset: -8px;
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        padding: 14px 0;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 10px;
        min-width: 0;
      }
      h1 {
        margin: 0;
        font-size: 1.1875rem;
        font-weight: 650;
        letter-spacing: -0.015em;
      }
      .brand p {
        margin-left: 6px;
      }
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 20px;
        align-items: start;
      }
      .picture {
        --stage-height: min(100cqw, 58vh);
        display: grid;
        gap: 10px;
        min-width: 0;
      }
      .panel,
      .more {
        display: grid;
        gap: 16px;
        min-width: 0;
      }
      .more {
        grid-template-columns: minmax(0, 1fr);
        align-items: start;
      }
      .card {
        display: grid;
        gap: 14px;
        padding: 18px;
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--surface);
        min-width: 0;
      }
      .transport {
        display: grid;
        grid-template-columns: 1fr auto auto;
        gap: 8px;
      }
      .meter {
        height: 3px;
        border-radius: 2px;
        background: var(--line);
        overflow: hidden;
      }
      .meter i {
        display: block;
        height: 100%;
        background: var(--accent);
      }
      .stats {
        display: grid;
        grid-template-columns: repeat(3, 1fr);
        gap: 8px;
      }
      .stats dd {
        font-size: 1.375rem;
        font-weight: 500;
        line-height: 1.2;
        letter-spacing: -0.01em;
      }
      .two {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 14px;
        align-items: start;
      }
      .two label {
        display: block;
        min-height: 24px;
        margin-bottom: 4px;
        font-size: 0.875rem;
        font-weight: 500;
      }
      .two p {
        margin-top: 4px;
      }
      .group {
        border-top: 1px solid var(--line);
      }
      .card > .group {
        margin: 0 0 -14px;
      }
      .group summary {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 48px;
        font-weight: 500;
        list-style: none;
      }
      .group summary::-webkit-details-marker {
        display: none;
      }
      .group summary::after {
        content: '';
        width: 7px;
        height: 7px;
        margin: -3px 4px 0 auto;
        border: solid var(--muted);
        border-width: 0 1.6px 1.6px 0;
        transform: rotate(45deg);
      }
      .group[open] summary::after {
        margin-top: 3px;
        transform: rotate(-135deg);
      }
      .group[open] {
        padding-bottom: 18px;
      }
      .group p {
        margin-bottom: 14px;
      }
      .badge {
        padding: 1px 8px;
        border-radius: 99px;
        background: var(--accent-soft);
        color: var(--accent);
        font-size: 0.75rem;
        font-weight: 500;
      }
      .notices {
        display: grid;
        gap: 8px;
      }
      .notices:has(.notice) {
        padding-bottom: 14px;
      }
      .notice {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: start;
        gap: 8px;
        padding: 2px 2px 2px 16px;
        border-radius: var(--radius);
        background: var(--accent-soft);
        overflow-wrap: anywhere;
      }
      .notice > div {
        padding: 9px 0;
      }
      .notice.problem {
        background: var(--problem-soft);
        color: var(--ink);
        font-size: inherit;
        box-shadow: inset 3px 0 var(--problem);
      }
      code,
      kbd {
        font-family: var(--mono);
        font-size: 0.9em;
      }
      code {
        font-weight: 600;
      }
      footer {
        margin-top: 28px;
      }
      footer > p {
        padding-top: 14px;
        border-top: 1px solid var(--line);
      }
      .check {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: var(--target);
      }
      .keys {
        columns: 220px auto;
        column-gap: 32px;
        margin-top: 8px;
      }
      .keys div {
        display: flex;
        gap: 12px;
        padding: 5px 0;
        break-inside: avoid;
      }
      kbd {
        display: inline-block;
        min-width: 26px;
        padding: 1px 6px;
        border: 1px solid var(--line);
        border-radius: 6px;
        background: var(--surface);
        text-align: center;
      }
      .failed {
        max-width: 560px;
        margin: 12vh auto;
        gap: 14px;
        justify-items: start;
      }
      .failed h2 {
        font-size: 1.375rem;
      }
      .failed pre {
        max-width: 100%;
        margin: 0;
        padding: 12px;
        border-radius: var(--radius);
        background: var(--sunken);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      @container (width < 560px) {
        .brand p {
          display: none;
        }
      }
      @container (width >= 640px) {
        .more {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }
      @container (width >= 960px) {
        main {
          grid-template-columns: minmax(0, 1fr) 372px;
          column-gap: 24px;
        }
        .picture {
          --stage-height: max(360px, calc(100vh - 290px));
        }
        .panel {
          grid-row: 1 / span 2;
          grid-column: 2;
        }
      }
    `,
  ];
}

function keyName(key: string): string {
  return { ArrowLeft: '←', ArrowRight: '→' }[key] ?? key;
}
