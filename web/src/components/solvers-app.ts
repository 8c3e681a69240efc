// The screen of the solver laboratory: pictures side by side on one time line,
// the chart of errors below, settings beside them. What is inside the parts is
// theirs.

import {
  html,
  LitElement,
  nothing,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { kindOf } from '../store/schema';
import type { SolverLab } from '../store/solvers';
import {
  MOST_POINTS,
  MOST_SAMPLERS,
  MOST_STEPS,
  readSteps,
  readWhole,
  type ErrorKind,
} from '../store/solvers-link';
import {
  fieldNamed,
  nameOf,
  progressOf,
  type Solver,
  type SolversState,
} from '../store/solvers-state';
import { t } from '../strings/solvers';
import { page } from '../styles/page';
import { panels } from '../styles/panels';
import { shared } from '../styles/shared';
import { key } from './errors-chart';
import './errors-chart';
import './fields';
import * as icons from './icons';
import './notices';
import { failedPage, pageHead, unseenHead } from './page';
import './solver-plot';
import './solver-settings';
import { screen } from './solvers-style';

/** What stands in a field of the page's own until it can be used. */
type OwnField = 'n' | 'seed' | 'steps';

@customElement('unnoise-solvers')
export class SolversElement extends LitElement {
  @property({ attribute: false }) lab!: SolverLab;
  @state() private shown!: SolversState;
  @state() private wrong: Partial<Record<OwnField, string>> = {};

  @query('.add') private adder!: HTMLElement;
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

  /** What was entered before the value became another is of no use. */
  override willUpdate(changed: PropertyValues): void {
    const before = changed.get('shown') as SolversState | undefined;
    for (const name of ['n', 'seed', 'steps'] as const) {
      if (before && String(before[name]) !== String(this.shown[name])) {
        this.wrong = { ...this.wrong, [name]: undefined };
      }
    }
  }

  override render() {
    const { shown, lab } = this;
    if (shown.phase === 'failed') {
      return failedPage(this.header(), shown.lacks, shown.failure);
    }
    return html`<div class="page ${lab.form}">
      ${this.header()}
      <unnoise-notices .lab=${lab} .notices=${shown.notices}></unnoise-notices>
      <main>
        <div class="picture">${this.pictures()} ${this.errors()}</div>
        <div class="panel">${this.law()} ${this.samplers()}</div>
        <div class="more">${this.share()}</div>
      </main>
      <p class="unseen" role="status">${shown.said}</p>
    </div>`;
  }

  private header() {
    return this.lab.form === 'embed'
      ? unseenHead
      : pageHead(t('solvers.tagline'), 'solvers');
  }

  private pictures() {
    const { solvers, data, dim, t: time } = this.shown;
    return html`<section aria-label=${t('solvers.pictures')} class="side">
      <div class="plots">
        ${repeat(
          solvers,
          ({ id }) => id,
          (solver, i) =>
            html`<figure>
              <unnoise-solver-plot
                .data=${data}
                .dim=${dim}
                .way=${solver.way}
                .time=${time}
                .name=${nameOf(this.shown, solver)}
              ></unnoise-solver-plot>
              <figcaption>
                ${key(i)}
                <span>${nameOf(this.shown, solver)}</span>
                <span class="muted small">${this.stepsOf(solver)}</span>
              </figcaption>
            </figure>`,
        )}
      </div>
      ${this.timeline()}
      <p class="small muted">${t('solvers.about')}</p>
    </section>`;
  }

  private stepsOf({ values }: Solver): string {
    const { steps } = values['sampler'] as { steps: number };
    return t('solvers.caption', { count: steps });
  }

  private timeline() {
    const { playing, t: time, phase } = this.shown;
    const off = phase !== 'ready';
    const label = playing ? t('time.pause') : t('time.play');
    return html`<div class="time">
      <button
        class="play"
        ?disabled=${off}
        aria-label=${label}
        title=${label}
        @click=${() => {
          if (playing) this.lab.stop();
          else this.lab.play();
        }}
      >
        ${playing ? icons.pause : icons.play}
      </button>
      <div class="track">
        <input
          type="range"
          min="0"
          max="1"
          step="0.005"
          .value=${String(time)}
          ?disabled=${off}
          aria-label=${t('solvers.time')}
          aria-valuetext=${t('solvers.reading', { t: time.toFixed(3) })}
          @input=${(event: Event) => {
            this.lab.setTime(Number((event.target as HTMLInputElement).value));
          }}
        />
        <div class="ends small muted" aria-hidden="true">
          <span>${t('time.data')}</span><span>${t('time.noiseEnd')}</span>
        </div>
      </div>
      <p class="number small"><i>t</i> ${time.toFixed(3)}</p>
    </div>`;
  }

  private errors() {
    const { errors, measured, error, measuring, recording, phase } = this.shown;
    const busy = measuring || recording;
    const choose = (kind: ErrorKind, label: string) =>
      html`<button
        aria-pressed=${String(error === kind)}
        @click=${() => {
          this.lab.setError(kind);
        }}
      >
        ${label}
      </button>`;
    return html`<section class="card" aria-label=${t('errors.heading')}>
      <div class="bar">
        <h2>${t('errors.heading')}</h2>
        <div class="pair" role="group" aria-label=${t('errors.kind')}>
          ${choose('paths', t('errors.paths'))}${choose('law', t('errors.law'))}
        </div>
      </div>
      <p class="small muted">
        ${error === 'paths' ? t('errors.aboutPaths') : t('errors.aboutLaw')}
      </p>
      <unnoise-errors-chart
        .errors=${errors}
        .names=${measured}
        .kind=${error}
      ></unnoise-errors-chart>
      <div class="bar">
        <button
          ?disabled=${phase !== 'ready'}
          @click=${() => void (busy ? this.lab.cancel() : this.lab.measure())}
        >
          ${busy ? icons.pause : icons.reset}${
            busy ? t('errors.cancel') : t('errors.again')
          }
        </button>
        <progress
          aria-label=${t(recording ? 'solvers.recorded' : 'errors.progress')}
          max="1"
          .value=${progressOf(this.shown)}
        ></progress>
        <button
          ?disabled=${!errors || errors.rows.length === 0}
          @click=${() => void this.lab.save()}
        >
          ${t('errors.save')}
        </button>
      </div>
      ${this.own('steps', t('errors.counts'), '', this.shown.steps.join(', '))}
    </section>`;
  }

  private law() {
    const { resolved, drafts, n, seed } = this.shown;
    if (!resolved) return nothing;
    const { values } = resolved;
    const fields = ['data', 'path']
      .map((name) => fieldNamed(this.shown, name, values))
      .filter((field) => field !== undefined)
      // Points of a person's own are the training page's matter.
      .map((field) => ({
        ...field,
        kinds: field.kinds?.filter(({ name }) => name !== 'points'),
      }));
    const heads = fields.map((field) => ({
      ...field,
      kinds: field.kinds?.map((kind) => ({ ...kind, fields: [] })),
    }));
    return html`<section class="card" aria-label=${t('solvers.law')}>
      <h2>${t('solvers.law')}</h2>
      <unnoise-fields
        .lab=${this.lab}
        .fields=${heads}
        .values=${values}
        .drafts=${drafts}
        compact
      ></unnoise-fields>
      ${this.own('n', t('solvers.points'), t('solvers.pointsHelp'), String(n))}
      ${this.own('seed', t('solvers.seed'), t('solvers.seedHelp'), String(seed))}
      ${fields.map((field) => {
        const kind = field.kinds?.find(
          ({ name }) => name === kindOf(field, values),
        );
        return kind
          ? html`<details class="group">
              <summary>
                ${t('solvers.settingsOf', { name: kind.title })}
              </summary>
              <unnoise-fields
                .lab=${this.lab}
                .fields=${kind.fields}
                .values=${values}
                .drafts=${drafts}
              ></unnoise-fields>
            </details>`
          : nothing;
      })}
    </section>`;
  }

  /** A field of this page alone, which the core does not describe. */
  private own(name: OwnField, label: string, help: string, value: string) {
    const wrong = this.wrong[name];
    const inputId = `own-${name}`;
    return html`<div class="own">
      <label for=${inputId}>${label}</label>
      <input
        id=${inputId}
        type="text"
        inputmode=${name === 'steps' ? 'text' : 'numeric'}
        autocomplete="off"
        .value=${value}
        aria-invalid=${wrong ? 'true' : 'false'}
        aria-describedby=${`${inputId}-help`}
        @change=${(event: Event) => {
          this.take(name, (event.target as HTMLInputElement).value);
        }}
      />
      <p id=${`${inputId}-help`} class=${wrong ? 'problem' : 'small muted'}>
        ${wrong ?? help}
      </p>
    </div>`;
  }

  private take(name: OwnField, text: string): void {
    let problem: string | undefined;
    if (name === 'steps') {
      const steps = readSteps(text);
      if (steps) void this.lab.setSteps(steps);
      else problem = t('solvers.badSteps', { max: MOST_STEPS });
    } else {
      const max = name === 'n' ? MOST_POINTS : Number.MAX_SAFE_INTEGER;
      const value = readWhole(text, name === 'n' ? 2 : 0, max);
      if (value === null) {
        problem = t('solvers.whole', { value: text, max: String(max) });
      } else void this.lab.setDraw({ [name]: value });
    }
    this.wrong = { ...this.wrong, [name]: problem };
  }

  private samplers() {
    const { solvers } = this.shown;
    return html`<section class="card" aria-label=${t('solvers.settings')}>
      <h2>${t('solvers.settings')}</h2>
      <div class="solvers">
        ${repeat(
          solvers,
          ({ id }) => id,
          (solver, i) => this.settings(solver, i),
        )}
      </div>
      <button
        class="add"
        ?disabled=${solvers.length >= MOST_SAMPLERS}
        @click=${() => void this.lab.addSolver()}
      >
        ${t('solvers.add')}
      </button>
      ${
        solvers.length >= MOST_SAMPLERS
          ? html`<p class="small muted">
              ${t('solvers.most', { max: MOST_SAMPLERS })}
            </p>`
          : nothing
      }
    </section>`;
  }

  private settings(solver: Solver, place: number): TemplateResult {
    const field = fieldNamed(this.shown, 'sampler', solver.values);
    return html`<unnoise-solver-settings
      .lab=${this.lab}
      .solver=${solver}
      .field=${field}
      .place=${place}
      .removable=${this.shown.solvers.length > 1}
      .whenRemoved=${() => void this.takeAway(solver.id, place)}
    ></unnoise-solver-settings>`;
  }

  /** The keyboard goes on with the sampler that takes the place. */
  private async takeAway(id: number, place: number): Promise<void> {
    await this.lab.removeSolver(id);
    await this.updateComplete;
    const all = this.renderRoot.querySelectorAll('unnoise-solver-settings');
    const next = all[place];
    await next?.updateComplete;
    (next?.removable ? next : this.adder).focus();
  }

  private share() {
    const { command, link } = this.lab;
    return html`<section class="card" aria-label=${t('solvers.share')}>
      <h2>${t('solvers.command')}</h2>
      <div class="line">
        <pre
          tabindex="0"
          role="region"
          aria-label=${t('solvers.command')}
        ><code>${command}</code></pre>
        ${this.copier(command, t('solvers.command'))}
      </div>
      <h2>${t('solvers.link')}</h2>
      <div class="line">
        <input
          type="text"
          readonly
          .value=${link}
          aria-label=${t('solvers.link')}
          @focus=${(event: Event) => {
            (event.target as HTMLInputElement).select();
          }}
        />
        ${this.copier(link, t('solvers.link'))}
      </div>
    </section>`;
  }

  private copier(text: string, what: string) {
    const label = t('share.copy', { what });
    return html`<button
      class="copy"
      aria-label=${label}
      title=${label}
      @click=${() => void this.lab.copy(text, what)}
    >
      ${icons.copy}
    </button>`;
  }

  static override styles = [shared, panels, page, screen];
}

declare global {
  interface HTMLElementTagNameMap {
    'unnoise-solvers': SolversElement;
  }
}
