// Controls made from the description: a group of fields, and one field. A new
// hyperparameter in the core appears here by itself.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { FieldSchema } from '../engine/core';
import {
  fieldsOf,
  fromSlider,
  kindOf,
  labelOf,
  slides,
  toSlider,
  valueAt,
  type FieldOwner,
} from '../store/schema';
import { DEFAULT_FLAGS, isFieldLocked, type Flags } from '../store/flags';
import type { Draft, LabState } from '../store/state';
import { t } from '../strings';
import { shared } from '../styles/shared';
import { lockNote } from './lock-note';

/** The fields of a group, sections and kinds opened up below their heading. */
@customElement('unnoise-fields')
export class FieldsElement extends LitElement {
  @property({ attribute: false }) lab!: FieldOwner;
  @property({ attribute: false }) fields: FieldSchema[] = [];
  @property({ attribute: false }) values: Record<string, unknown> = {};
  @property({ attribute: false }) drafts: LabState['drafts'] = {};
  @property({ attribute: false }) flags: Flags = DEFAULT_FLAGS;
  /** Help is said and shown on hovering, but takes no room. */
  @property({ type: Boolean }) compact = false;

  override render(): TemplateResult {
    return html`<div class="fields">
      ${this.fields.map((field) => this.one(field))}
    </div>`;
  }

  private one(field: FieldSchema): TemplateResult {
    const group = field.type === 'section' || field.type === 'kind';
    const below = group ? fieldsOf(field, this.values) : [];
    // A choice of one is none.
    const single = field.type === 'kind' && field.kinds?.length === 1;
    return html`
      ${
        field.type === 'section' || single
          ? nothing
          : html`<unnoise-field
              .lab=${this.lab}
              .field=${field}
              .value=${
                field.type === 'kind'
                  ? kindOf(field, this.values)
                  : valueAt(this.values, field.path)
              }
              .draft=${this.drafts[field.path]}
              .locked=${isFieldLocked(this.flags, field.path)}
              .compact=${this.compact}
            ></unnoise-field>`
      }
      ${below.map((child) => this.one(child))}
    `;
  }

  static override styles = [
    shared,
    css`
      .fields {
        display: grid;
        gap: 18px;
      }
    `,
  ];
}

@customElement('unnoise-field')
export class FieldElement extends LitElement {
  @property({ attribute: false }) lab!: FieldOwner;
  @property({ attribute: false }) field!: FieldSchema;
  @property({ attribute: false }) value: unknown;
  @property({ attribute: false }) draft: Draft | undefined;
  @property({ type: Boolean }) compact = false;
  /** Shown, but not to be changed: a flag of the link. */
  @property({ type: Boolean }) locked = false;
  /** What the slider is at while it is held. */
  @state() private sliding: number | null = null;

  override render(): TemplateResult {
    const { field, draft } = this;
    const described = [
      this.locked ? 'locked' : '',
      'help',
      draft ? 'problem' : '',
    ]
      .filter((id) => id !== '')
      .join(' ');
    return html`
      <div class="field ${field.type}">
        <div class="head">
          <label for="control" title=${this.compact ? field.help : nothing}
            >${labelOf(field)}</label
          >
          ${this.locked ? lockNote() : nothing}
          ${
            field.unit
              ? html`<span class="muted small">${field.unit}</span>`
              : nothing
          }
          ${
            this.isDefault || this.locked
              ? nothing
              : html`<button
                  class="plain back small"
                  title=${t('field.default', { value: text(field.default) })}
                  @click=${() => {
                    this.commit(text(field.default));
                  }}
                >
                  ${t('field.reset')}
                  <span class="unseen">${labelOf(field)}</span>
                </button>`
          }
        </div>
        ${this.control(described)}
        ${
          draft
            ? html`<p id="problem" class="problem">
                ${draft.problems.map(
                  ({ path, message }) =>
                    html`<span><b>${path}</b>: ${message}</span> `,
                )}
              </p>`
            : nothing
        }
        <p id="help" class=${this.compact ? 'unseen' : 'small muted'}>
          ${this.help()}
        </p>
      </div>
    `;
  }

  private get isDefault(): boolean {
    const { field, value, draft } = this;
    return !draft && JSON.stringify(value) === JSON.stringify(field.default);
  }

  private help(): unknown {
    const { field, value } = this;
    const kind = field.kinds?.find(({ name }) => name === value);
    const source = field.source ? html`<cite>${field.source}</cite>` : nothing;
    return html`${field.help}${kind ? ` ${kind.help}` : ''} ${source}`;
  }

  private control(described: string): TemplateResult {
    const { field, draft } = this;
    const invalid = draft ? 'true' : 'false';
    const shown = draft?.text ?? text(this.sliding ?? this.value);
    const onChange = (event: Event): void => {
      this.commit((event.target as HTMLInputElement).value);
    };
    switch (field.type) {
      case 'bool':
        return html`<label class="check">
          <input
            id="control"
            type="checkbox"
            .checked=${this.value === true}
            ?disabled=${this.locked}
            aria-describedby=${described}
            @change=${(event: Event) => {
              this.commit(String((event.target as HTMLInputElement).checked));
            }}
          />
          <span>${this.value === true ? t('field.on') : t('field.off')}</span>
        </label>`;
      case 'option':
      case 'kind': {
        const options =
          field.kinds ??
          (field.options ?? []).map((name) => ({ name, title: name }));
        return html`<select
          id="control"
          ?disabled=${this.locked}
          aria-describedby=${described}
          aria-invalid=${invalid}
          @change=${onChange}
        >
          ${options.map(
            ({ name, title }) =>
              html`<option value=${name} .selected=${name === this.value}>
                ${title}
              </option>`,
          )}
        </select>`;
      }
      case 'numbers':
        return html`<textarea
          id="control"
          rows="2"
          spellcheck="false"
          autocapitalize="off"
          .value=${shown}
          ?disabled=${this.locked}
          aria-describedby=${described}
          aria-invalid=${invalid}
          @change=${onChange}
        ></textarea>`;
      case 'int':
      case 'real':
        return html`<div class="pair">
          ${slides(field) ? this.slider() : nothing}
          <input
            id="control"
            type="text"
            inputmode=${
              field.type === 'int' && (field.min ?? -1) >= 0
                ? 'numeric'
                : 'text'
            }
            autocomplete="off"
            .value=${shown}
            ?disabled=${this.locked}
            aria-describedby=${described}
            aria-invalid=${invalid}
            @change=${onChange}
          />
        </div>`;
      default:
        return html`<input
          id="control"
          type="text"
          autocomplete="off"
          .value=${shown}
          ?disabled=${this.locked}
          aria-describedby=${described}
          aria-invalid=${invalid}
          @change=${onChange}
        />`;
    }
  }

  private slider(): TemplateResult {
    const { field } = this;
    const value = this.sliding ?? (this.value as number);
    const read = (event: Event): number =>
      fromSlider(field, Number((event.target as HTMLInputElement).value));
    return html`<input
      type="range"
      min="0"
      max="1"
      step="any"
      .value=${String(toSlider(field, value))}
      aria-label=${labelOf(field)}
      aria-valuetext=${text(value)}
      ?disabled=${this.locked}
      @input=${(event: Event) => {
        this.sliding = read(event);
      }}
      @keydown=${(event: KeyboardEvent) => {
        this.key(event);
      }}
      @change=${(event: Event) => {
        this.sliding = null;
        this.commit(String(read(event)));
      }}
    />`;
  }

  /** An arrow key moves by a fiftieth of the way, but at least by one. */
  private key(event: KeyboardEvent): void {
    const { field } = this;
    const sign = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[
      event.key
    ];
    if (!sign) return;
    event.preventDefault();
    const value = this.value as number;
    const moved = fromSlider(field, toSlider(field, value) + sign / 50);
    const least = field.type === 'int' ? value + sign : moved;
    const next =
      field.type === 'int' && Math.abs(moved - value) < 1 ? least : moved;
    const { min = -Infinity, max = Infinity } = field;
    this.commit(String(Math.min(max, Math.max(min, next))));
  }

  private commit(entry: string): void {
    void this.lab.experiment.setText(this.field, entry);
  }

  static override styles = [
    shared,
    css`
      .head {
        display: flex;
        align-items: baseline;
        gap: 8px;
        min-height: 24px;
        margin-bottom: 4px;
      }
      label {
        font-size: 0.875rem;
        font-weight: 500;
      }
      .back {
        position: relative;
        margin-left: auto;
        min-height: 24px;
        min-width: 0;
        padding: 0 6px;
        color: var(--accent);
      }
      /* The target is larger than the words. */
      .back::after {
        content: '';
        position: absolute;
        inset: -10px -6px;
      }
      .pair {
        display: grid;
        grid-template-columns: 1fr 104px;
        gap: 12px;
        align-items: center;
      }
      .pair > :only-child {
        grid-column: 1 / -1;
      }
      .pair [type='text'] {
        font-variant-numeric: tabular-nums;
      }
      textarea {
        display: block;
        font-family: var(--mono);
        font-size: 0.8125rem;
        resize: vertical;
      }
      .check {
        display: inline-flex;
        align-items: center;
        gap: 10px;
        min-height: var(--target);
        font-weight: 400;
      }
      #help,
      .problem {
        margin-top: 4px;
      }
      cite {
        font-style: normal;
      }
      cite::before {
        content: '— ';
      }
    `,
  ];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
