// The one screen: where picture, time line and panels stand, what holds for all
// of it (keys, dropped files, spoken progress), and what is shown where nothing
// can run. What is inside the parts is theirs.

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { performKey } from '../actions';
import { filesOf } from '../store/dropped';
import type { Lab } from '../store/lab';
import type { Look } from '../store/field';
import { isFieldLocked, isHidden, type Part } from '../store/flags';
import type { Layer } from '../store/link';
import { dataTitleOf, type LabState } from '../store/state';
import { number, t } from '../strings';
import { page } from '../styles/page';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import { actionButton } from './action-button';
import './data-panel';
import './experiment-panel';
import './help';
import * as icons from './icons';
import './notices';
import { failedPage, pageHead, unseenHead } from './page';
import './plot';
import './share';
import './timeline';
import './training-panel';

/** The live region speaks at most this often. */
const SAY_MS = 5000;

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
    this.stop = this.lab.store.subscribe(() => {
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
    // Keys act only where it can be seen that they do, and turned off.
    if (!this.shows('help')) return;
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
    const { lab, shown } = this;
    if (shown.phase === 'failed') {
      return failedPage(this.header(), shown.lacks, shown.failure);
    }
    return html`
      <div
        class="page ${shown.form} ${this.dropping ? 'dropping' : ''}"
        @dragover=${(event: DragEvent) => {
          if (!event.dataTransfer?.types.includes('Files')) return;
          event.preventDefault();
          this.dropping = this.takesFiles;
        }}
        @dragleave=${(event: DragEvent) => {
          if (event.relatedTarget === null) this.dropping = false;
        }}
        @drop=${(event: DragEvent) => {
          event.preventDefault();
          this.dropping = false;
          if (event.dataTransfer) void this.take(event.dataTransfer);
        }}
      >
        ${this.header()}
        <unnoise-notices
          .lab=${lab}
          .notices=${shown.notices}
        ></unnoise-notices>
        <main>
          <section class="picture" aria-label=${t('plot.title')}>
            <unnoise-plot
              .state=${shown}
              .dataTitle=${dataTitleOf(shown)}
              @layer=${(event: CustomEvent<Layer>) => {
                lab.toggleLayer(event.detail);
              }}
              @live=${() => void lab.replay.leave()}
              @look=${(event: CustomEvent<Look>) => {
                lab.field.see(event.detail);
              }}
              @probe=${(event: CustomEvent<number[] | null>) => {
                if (event.detail) lab.field.place(event.detail);
                else lab.field.remove();
              }}
              @time=${(event: CustomEvent<number>) => {
                lab.field.setTime(event.detail);
              }}
            ></unnoise-plot>
            ${this.ifShown(
              'timeline',
              html`<unnoise-timeline
                .lab=${lab}
                .state=${shown}
              ></unnoise-timeline>`,
            )}
          </section>
          <div class="panel">
            ${this.ifShown(
              'training',
              html`<unnoise-training
                .lab=${lab}
                .state=${shown}
              ></unnoise-training>`,
            )}
            ${this.ifShown(
              'data',
              html`<unnoise-data-panel
                .lab=${lab}
                .state=${shown}
              ></unnoise-data-panel>`,
            )}
          </div>
          <div class="more">
            ${this.ifShown(
              'experiment',
              html`<unnoise-experiment
                .lab=${lab}
                .state=${shown}
              ></unnoise-experiment>`,
            )}
            ${this.ifShown(
              'share',
              html`<section class="card" aria-label=${t('share.title')}>
                <unnoise-share .lab=${lab} .state=${shown}></unnoise-share>
              </section>`,
            )}
          </div>
        </main>
        ${this.ifShown(
          'help',
          html`<unnoise-help .lab=${lab} .state=${shown}></unnoise-help>`,
        )}
        ${shown.form === 'embed' ? this.ifShown('open', this.open()) : nothing}
        <p class="unseen" role="status">${shown.said}</p>
        <p class="unseen" aria-live="polite" id="progress">${this.progress}</p>
      </div>
    `;
  }

  private async take(dropped: DataTransfer): Promise<void> {
    if (!this.takesFiles) return;
    await this.lab.runs.take(await filesOf(dropped));
  }

  private shows(part: Part): boolean {
    const { flags, form } = this.shown;
    return !isHidden(flags, form, part);
  }

  private ifShown(name: Part, content: TemplateResult) {
    return this.shows(name) ? content : nothing;
  }

  private get takesFiles(): boolean {
    return this.shows('data') && !isFieldLocked(this.shown.flags, 'data');
  }

  /** The way from an embed to the whole lab. */
  private open() {
    return html`<footer class="open small">
      <a href=${this.lab.sharing.openUrl} target="_blank" rel="noopener"
        >${icons.brand}<span>${t('embed.open')}</span>${icons.out}</a
      >
    </footer>`;
  }

  private header() {
    if (!this.shows('header')) return unseenHead;
    const current = this.shown.form === 'page' ? 'train' : null;
    return pageHead(
      t('app.tagline'),
      current,
      this.ifShown('share', actionButton(this.lab, 'share', icons.link)),
    );
  }

  static override styles = [
    shared,
    panels,
    page,
    css`
      .page.dropping {
        outline: 3px dashed var(--accent);
        outline-offset: -8px;
      }
      .picture {
        --stage-height: min(100cqw, 58vh);
        gap: 10px;
      }
      .panel:not(:has(*)),
      .more:not(:has(*)) {
        display: none;
      }
      /* Nothing of an embed may follow the window's height, which follows it. */
      .embed .picture {
        --stage-height: min(100cqw - 26px, 440px);
      }
      .open {
        padding-top: 4px;
        text-align: right;
      }
      .open a {
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: var(--target);
        color: var(--accent);
      }
      .open a > :first-child {
        width: 22px;
      }
      @container (width >= 960px) {
        .picture {
          --stage-height: max(360px, calc(100vh - 290px));
          --bar-room: 64px;
        }
        /* Alone, the picture takes all the room. */
        main:not(:has(.panel > *)) {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];
}
