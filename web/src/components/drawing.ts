// Drawing one's own points: the sheet with its tools, and the same points as
// text, in a dialog over the page. Closing it changes nothing and loses nothing:
// the drawing is still there when it is opened again.

import { html, LitElement } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Problem } from '../engine/core';
import {
  Drawing,
  LABELS,
  labelsOf,
  MAX_DRAWN,
  readText,
  toText,
  type Dots,
} from '../store/drawing';
import type { Lab } from '../store/lab';
import { dataTitleOf, type LabState } from '../store/state';
import { number, t } from '../strings';
import { dialog } from '../styles/dialog';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import './drawing-canvas';
import type { DrawingCanvasElement, Tool } from './drawing-canvas';
import * as icons from './icons';
import { markOf } from './legend';

const TOOLS: Tool[] = ['brush', 'eraser'];

@customElement('unnoise-drawing')
export class DrawingElement extends LitElement {
  @property({ attribute: false }) lab!: Lab;
  @property({ attribute: false }) state!: LabState;

  @state() private tool: Tool = 'brush';
  @state() private label = 0;
  /** In hundredths of half of the sheet's side. */
  @state() private size = 8;
  @state() private flow = 5;
  @state() private said = '';
  @state() private problems: Problem[] = [];
  @state() private opened = false;

  @query('dialog') private dialog!: HTMLDialogElement;
  @query('unnoise-drawing-canvas') private sheet!: DrawingCanvasElement;
  @query('textarea') private text?: HTMLTextAreaElement | null;
  @query('details') private asText?: HTMLDetailsElement | null;
  private readonly drawing = new Drawing();

  /** Opens where the last drawing was left, or with these points. */
  async open(dots?: Dots): Promise<void> {
    if (dots) this.drawing.replace(dots);
    this.problems = [];
    this.said = '';
    this.opened = true;
    await this.updateComplete;
    this.dialog.showModal();
    this.sheet.focus();
    this.sheet.drawSoon();
  }

  private close(): void {
    this.drawing.end();
    this.dialog.close();
  }

  private async done(): Promise<void> {
    if (this.problems.length > 0) return;
    const { count, dots } = this.drawing;
    const labels = labelsOf(dots);
    this.problems =
      count < 2
        ? [{ path: '', message: t('draw.tooFew', { count }) }]
        : await this.lab.points.draw(dots.values, labels, 2);
    if (this.problems.length === 0) this.close();
  }

  /** The drawing has changed; `said` is for those who do not see it. */
  private changed(said: string): void {
    this.problems = [];
    if (said) this.said = said;
    if (this.asText?.open && this.text)
      this.text.value = toText(this.drawing.dots);
    this.sheet.drawSoon();
    this.requestUpdate();
  }

  private act(change: () => void): void {
    change();
    this.changed(t('draw.counted', { count: this.drawing.count }));
  }

  private readText(): void {
    const text = this.text?.value ?? '';
    if (text === toText(this.drawing.dots)) return;
    const read = readText(text);
    if ('problems' in read) {
      this.problems = read.problems;
    } else {
      this.act(() => {
        this.drawing.replace(read);
      });
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    // The page's keys rest while one draws.
    event.stopPropagation();
    const target = event.composedPath()[0];
    if (!(event.ctrlKey || event.metaKey)) return;
    if (target instanceof HTMLTextAreaElement) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    this.act(() => {
      if (key === 'y' || event.shiftKey) this.drawing.redo();
      else this.drawing.undo();
    });
  };

  override render() {
    if (!this.opened) return '';
    const { count, full } = this.drawing;
    return html`<dialog
      aria-labelledby="title"
      aria-describedby="about"
      @keydown=${this.onKey}
      @dragover=${ignore}
      @drop=${ignore}
      @cancel=${() => {
        this.drawing.end();
      }}
      @close=${() => {
        this.opened = false;
      }}
    >
      <header>
        <h2 id="title">${t('draw.title')}</h2>
        <p class="number small ${full ? 'full' : 'muted'}" id="count">
          ${t('draw.count', { count, max: MAX_DRAWN })}
        </p>
        <button
          class="plain"
          aria-label=${t('notice.close')}
          @click=${() => {
            this.close();
          }}
        >
          ${icons.close}
        </button>
      </header>
      <div class="body">
        <unnoise-drawing-canvas
          .drawing=${this.drawing}
          .tool=${this.tool}
          .size=${this.size / 100}
          .flow=${this.flow}
          .label=${this.label}
          @drawn=${(event: CustomEvent<string>) => {
            this.changed(event.detail);
          }}
          @said=${(event: CustomEvent<string>) => {
            this.said = event.detail;
          }}
          @label=${(event: CustomEvent<number>) => {
            this.choose(event.detail);
          }}
        ></unnoise-drawing-canvas>
        <div class="tools">
          ${this.strokes()} ${this.palette()} ${this.brush()}
          <p class="small muted" id="about">${t('draw.about')}</p>
          ${this.lines()}
        </div>
      </div>
      <footer>
        ${this.told()}
        <button
          @click=${() => {
            this.close();
          }}
        >
          ${t('draw.cancel')}
        </button>
        <button class="primary" @click=${() => void this.done()}>
          ${t('draw.done')}
        </button>
      </footer>
      <p class="unseen" role="status">${this.said}</p>
    </dialog>`;
  }

  private choose(label: number): void {
    this.label = label;
    this.tool = 'brush';
    this.said = t('draw.labelled', { label });
  }

  /** Tools, and what takes strokes back. */
  private strokes() {
    const { undoable, redoable, count } = this.drawing;
    const icon = { brush: icons.brush, eraser: icons.eraser };
    const action = (
      name: 'draw.undo' | 'draw.redo' | 'draw.clear',
      shape: unknown,
      enabled: boolean,
      perform: () => void,
    ) =>
      html`<button
        aria-label=${t(name)}
        title=${t(name)}
        ?disabled=${!enabled}
        @click=${() => {
          this.act(perform);
        }}
      >
        ${shape}
      </button>`;
    return html`<div class="strokes">
      <div class="pair" role="group" aria-label=${t('draw.tool')}>
        ${TOOLS.map(
          (tool) =>
            html`<button
              aria-pressed=${this.tool === tool}
              @click=${() => {
                this.tool = tool;
              }}
            >
              ${icon[tool]}${t(`draw.${tool}`)}
            </button>`,
        )}
      </div>
      <div class="pair">
        ${action('draw.undo', icons.undo, undoable, () => {
          this.drawing.undo();
        })}
        ${action('draw.redo', icons.redo, redoable, () => {
          this.drawing.redo();
        })}
        ${action('draw.clear', icons.clear, count > 0, () => {
          this.drawing.clear();
        })}
      </div>
    </div>`;
  }

  private palette() {
    return html`<fieldset>
      <legend>${t('draw.label')}</legend>
      <div class="palette">
        ${Array.from(
          { length: LABELS },
          (_, label) =>
            html`<label>
              <input
                type="radio"
                name="label"
                .checked=${this.label === label}
                @change=${() => {
                  this.choose(label);
                }}
              />
              ${markOf(label)}<span class="number">${label}</span>
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  private brush() {
    const slider = (
      id: 'size' | 'flow',
      max: number,
      value: number,
      words: string,
    ) =>
      html`<div>
        <label for=${id}
          >${t(`draw.${id}`)} <output class="muted number">${words}</output>
        </label>
        <input
          id=${id}
          type="range"
          min="1"
          max=${max}
          .value=${String(value)}
          aria-valuetext=${words}
          ?disabled=${id === 'flow' && this.tool === 'eraser'}
          @input=${(event: Event) => {
            this[id] = Number((event.target as HTMLInputElement).value);
          }}
        />
      </div>`;
    const size = (this.size / 100) * this.drawing.area.reach;
    return html`<div class="sliders">
      ${slider('size', 50, this.size, number(size, 2))}
      ${slider('flow', 20, this.flow, number(this.flow))}
    </div>`;
  }

  /** The points as lines of text, and the shown data as a beginning. */
  private lines() {
    const { data, labels, dim } = this.state;
    return html`
      ${
        dim === 2 && data.length > 0
          ? html`<button
              class="shown"
              @click=${() => {
                this.act(() => {
                  this.drawing.replace(drawable(data, labels));
                });
              }}
            >
              ${icons.copy}${t('draw.shown', { name: dataTitleOf(this.state) })}
            </button>`
          : ''
      }
      <details
        class="group"
        @toggle=${() => {
          if (this.text) this.text.value = toText(this.drawing.dots);
        }}
      >
        <summary>${t('draw.text')}</summary>
        <textarea
          rows="7"
          spellcheck="false"
          autocapitalize="off"
          aria-label=${t('draw.lines')}
          aria-describedby="lines-help"
          @change=${() => {
            this.readText();
          }}
        ></textarea>
        <p class="small muted" id="lines-help">${t('draw.linesHelp')}</p>
      </details>
    `;
  }

  private told() {
    const { problems } = this;
    const most = 3;
    if (problems.length === 0) {
      return this.drawing.full
        ? html`<p class="told small" role="alert">
            ${t('draw.full', { count: this.drawing.count })}
          </p>`
        : '';
    }
    return html`<div class="told problem" role="alert">
      ${problems
        .slice(0, most)
        .map(
          ({ path, message }) =>
            html`<p>${path ? `${path}: ` : ''}${message}</p>`,
        )}
      ${
        problems.length > most
          ? html`<p>${t('notice.more', { count: problems.length - most })}</p>`
          : ''
      }
    </div>`;
  }

  static override styles = [shared, panels, dialog];
}

function ignore(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Data as dots: points without labels are all of label 0. */
export function drawable(values: Float32Array, labels: Uint8Array): Dots {
  const count = Math.min(MAX_DRAWN, values.length / 2);
  return {
    values: values.slice(0, 2 * count),
    labels: labels.length > 0 ? labels.slice(0, count) : new Uint8Array(count),
  };
}
