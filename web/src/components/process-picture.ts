// The picture of a process: on a line its density over time with paths over it,
// a knife at one time, and beside it the cross-section there; in a plane the
// particles at the knife. And which layers of it are shown.

import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import {
  clip,
  drawAxes,
  drawCloud,
  drawCurrent,
  drawKnife,
  drawParticles,
  drawPaths,
  drawPlaneMap,
  drawQuantiles,
  drawTimeMap,
  usualTop,
  type Frame,
  type Paths,
} from '../processes/draw';
import type { ProcessLab } from '../processes/lab';
import type { Layer } from '../processes/link';
import {
  kindOf,
  rowOf,
  spreadsAt,
  timeAt,
  type ProcessState,
} from '../processes/state';
import { drawSection, topOf, type Section } from '../processes/section';
import { t } from '../processes/texts';
import { number } from '../strings';
import { shared } from '../styles/shared';
import './process-layers';
import { Painter, prepare, type Surface } from './surface';

/** Paths that are drawn over a density, so that it can be seen. */
const PATHS = 40;
const LEFT = 46;
const TOP = 10;
const BOTTOM = 24;

@customElement('unnoise-process-picture')
export class ProcessPictureElement extends LitElement {
  @property({ attribute: false }) lab!: ProcessLab;
  @property({ attribute: false }) state!: ProcessState;

  @query('.back') private back!: HTMLCanvasElement;
  @query('.front') private front!: HTMLCanvasElement;
  @query('.section') private section!: HTMLCanvasElement | null;

  /** Densities as they are drawn, and where their colours end. */
  private top = 1;
  private topFor: Float32Array | null = null;
  private currentMost = 1;
  private currentFor: Float32Array | null = null;
  private readonly painter = new Painter(this, () => {
    this.drawBack();
    this.drawFront();
  });

  override updated(changed: PropertyValues<this>): void {
    const before = changed.get('state');
    const { state } = this;
    const still = (['particles', 'law', 'view', 'drawn'] as const).every(
      (key) => before?.[key] === state[key],
    );
    const moved = before?.knife !== state.knife;
    if (!still || (moved && this.plane)) this.drawBack();
    if (!still || moved) this.drawFront();
  }

  private get plane(): boolean {
    const { drawn, opened } = this.state;
    return ((drawn ?? opened)?.axes.length ?? 1) > 1;
  }

  private shows(layer: Layer): boolean {
    return this.state.view.layers.includes(layer);
  }

  /** The density that is mapped, a row for each moment: the law, else what is counted. */
  private get density(): Float32Array | null {
    const { law, particles } = this.state;
    const values = law?.density ?? particles?.density;
    if (!values || values.length === 0) return null;
    if (values !== this.topFor) {
      const states = (this.state.drawn?.states ?? 0) > 0;
      this.topFor = values;
      this.top = states ? 1 : usualTop(values, particles!.times.length);
    }
    return values;
  }

  private frameOf({ width, height }: Surface): Frame | null {
    const { started, drawn } = this.state;
    const [first, second] = started?.axes ?? [];
    if (!first || !drawn) return null;
    return {
      left: LEFT,
      top: TOP,
      width: width - LEFT - 6,
      height: height - TOP - BOTTOM,
      x: second ? [first.low, first.high] : [0, drawn.tMax],
      y: second ? [second.low, second.high] : [first.low, first.high],
    };
  }

  private get paths(): Paths | null {
    const { particles, drawn } = this.state;
    if (!particles || !drawn) return null;
    const { shown, axes, states } = drawn;
    return {
      times: particles.times,
      values: particles.paths,
      shown,
      dim: axes.length,
      count: this.plane ? shown : Math.min(PATHS, shown),
      states: states > 0,
    };
  }

  private drawBack(): void {
    const surface = prepare(this.back);
    const frame = surface && this.frameOf(surface);
    if (!surface || !frame) return;
    const { context } = surface;
    const { state, density, paths } = this;
    const { drawn, particles, law, knife, started } = state;
    if (!drawn || !particles || !paths) return;
    const { theme } = this.painter;
    const count = particles.times.length;
    const on = this.shows('density') && density !== null;
    // Over a map the labels within it need all the contrast there is.
    const axes = this.plane
      ? { x: drawn.axes[0], y: drawn.axes[1] }
      : { x: 't', y: drawn.axes[0], wholeY: drawn.states > 0 };
    drawAxes(context, frame, theme, axes);
    clip(context, frame);
    if (on && this.plane) {
      const row = rowOf(density, knife, count);
      const grid = law ? started?.axes : started?.bins;
      if (row && grid) {
        drawPlaneMap(context, frame, row, grid[0]!.count, this.top);
      }
    } else if (on) {
      drawTimeMap(context, frame, {
        times: particles.times,
        density,
        top: this.top,
        smooth: drawn.states === 0,
      });
    }
    if (!this.plane) {
      if (this.shows('paths')) drawPaths(context, frame, paths, theme);
      if (this.shows('quantiles') && law && law.quantiles.length > 0) {
        drawQuantiles(context, frame, particles.times, law.quantiles, theme);
      }
    }
    context.restore();
  }

  private drawFront(): void {
    const surface = prepare(this.front);
    const frame = surface && this.frameOf(surface);
    const { paths, state } = this;
    if (surface && frame && paths) {
      const { context } = surface;
      const { theme } = this.painter;
      if (this.plane) {
        clip(context, frame);
        if (this.shows('paths')) {
          drawCloud(context, frame, paths, state.knife, theme);
        }
        context.restore();
      } else {
        const time = timeAt(state, state.knife);
        drawKnife(context, frame, time, theme);
        clip(context, frame);
        if (this.shows('paths')) {
          drawParticles(context, frame, paths, state.knife, theme);
        }
        const current = this.current;
        if (current && this.shows('current')) {
          drawCurrent(context, frame, time, current, this.currentMost, theme);
        }
        context.restore();
      }
    }
    this.drawCut();
  }

  private get current(): Float32Array | null {
    const { law, particles, knife } = this.state;
    if (!law || !particles || law.current.length === 0) return null;
    if (law.current !== this.currentFor) {
      this.currentFor = law.current;
      const sizes = law.current.map(Math.abs);
      this.currentMost = usualTop(sizes, particles.times.length);
    }
    return rowOf(law.current, knife, particles.times.length);
  }

  private get cut(): Section | null {
    const { particles, law, knife, drawn, started } = this.state;
    if (!particles || !drawn) return null;
    const count = particles.times.length;
    const moved = started?.way !== 'closed_form';
    const closed = rowOf(law?.closed, knife, count);
    return {
      particles: rowOf(particles.density, knife, count),
      law: moved ? rowOf(law?.density, knife, count) : null,
      closed,
      stationary: rowOf(law?.stationary, 0, 1),
      states: drawn.states > 0,
    };
  }

  private drawCut(): void {
    if (!this.section) return;
    const surface = prepare(this.section);
    const { cut } = this;
    const beside = surface && this.frameOf(surface);
    if (!surface || !beside || !cut) return;
    const most = topOf(cut);
    const top = cut.states ? 1 : 1.06 * Math.max(this.top, most) || 1;
    const frame: Frame = {
      ...beside,
      left: 6,
      width: surface.width - 16,
      x: [0, top],
    };
    const { theme } = this.painter;
    drawAxes(surface.context, frame, theme, { bare: true });
    drawSection(surface.context, frame, cut, theme);
  }

  private readonly drag = (event: PointerEvent): void => {
    const { front } = this;
    if (this.plane) return;
    if (event.type === 'pointerdown') {
      if (event.button !== 0) return;
      front.setPointerCapture(event.pointerId);
    } else if (!front.hasPointerCapture(event.pointerId)) return;
    const box = front.getBoundingClientRect();
    const { drawn, particles } = this.state;
    if (!drawn || !particles) return;
    const part = (event.clientX - box.left - LEFT) / (box.width - LEFT - 6);
    this.lab.cutAt(part * drawn.tMax);
  };

  override render() {
    const { state, plane } = this;
    const { started, law } = state;
    const ready = state.particles !== null;
    return html`
      <unnoise-process-layers
        .lab=${this.lab}
        .state=${state}
        .top=${this.density && this.shows('density') ? this.top : null}
      ></unnoise-process-layers>
      <div class="stage ${plane ? 'plane' : 'line'}">
        <div
          class="over"
          role="img"
          aria-label=${ready ? this.words() : t('lab.loading')}
        >
          <canvas class="back"></canvas>
          <canvas
            class="front"
            @pointerdown=${this.drag}
            @pointermove=${this.drag}
            @pointerup=${() => {
              this.lab.settleKnife();
            }}
          ></canvas>
          ${this.waiting()}
        </div>
        ${
          plane
            ? nothing
            : html`<canvas
                class="section"
                role="img"
                aria-label=${t('section.label', {
                  time: number(timeAt(state, state.knife)),
                })}
              ></canvas>`
        }
      </div>
      ${
        started?.why
          ? html`<p class="small muted">
              ${t('picture.none', { why: started.why })}
              ${law ? '' : t('picture.counted')}
            </p>`
          : nothing
      }
    `;
  }

  /** What is under way, if it takes long enough to be seen. */
  private waiting() {
    const { busy, particles, particlesDone, lawDone } = this.state;
    if (!busy) return nothing;
    const law = particles !== null && particlesDone >= 1;
    return html`<div class="waiting small">
      ${law ? t('picture.waitLaw') : t('picture.wait')}
      <progress
        aria-label=${t('picture.progress')}
        max="1"
        .value=${law ? lawDone : particlesDone}
      ></progress>
    </div>`;
  }

  private words(): string {
    const { state } = this;
    const { particles } = spreadsAt(state, state.knife, 0);
    return t('picture.words', {
      title: kindOf(state)?.title ?? '',
      n: state.ask.n,
      end: number(state.drawn?.tMax ?? 0),
      time: number(timeAt(state, state.knife)),
      mean: number(particles?.mean ?? NaN),
      std: number(particles?.std ?? NaN),
    });
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: 8px;
        container-type: inline-size;
      }
      .stage {
        display: grid;
        height: var(--stage-height, 420px);
        border: 1px solid var(--line);
        border-radius: 14px;
        background: var(--surface);
        overflow: hidden;
        padding: 8px 4px 4px;
      }
      .stage.line {
        grid-template-columns: minmax(0, 2.3fr) minmax(0, 1fr);
      }
      .over {
        position: relative;
        min-width: 0;
      }
      .over canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      .line .front {
        cursor: ew-resize;
        touch-action: pan-y;
      }
      .section {
        width: 100%;
        height: 100%;
      }
      .waiting {
        position: absolute;
        inset: auto 12px 32px 54px;
        display: flex;
        align-items: center;
        gap: 10px;
        color: var(--muted);
        /* Most are done before anybody would notice. */
        animation: appear 0s 250ms both;
      }
      @keyframes appear {
        from {
          visibility: hidden;
        }
      }
      progress {
        flex: 1;
        accent-color: var(--accent);
      }
      @container (width < 560px) {
        .stage.line {
          grid-template-columns: minmax(0, 1.7fr) minmax(0, 1fr);
        }
      }
    `,
  ];
}
