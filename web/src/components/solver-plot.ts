// Where one sampler has taken the points at the time that is shown, with the
// law's own points behind them.

import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import { grid } from '../scenes/grid';
import { dataHistogram, sampleHistogram } from '../scenes/histogram';
import { data as dataScene, samples as samplesScene } from '../scenes/points';
import {
  scalesFor,
  windowOf,
  type PlotFrame,
  type Scene,
} from '../scenes/scene';
import { TRAIL_LENGTH, trails } from '../scenes/trails';
import { slotAt, type Way } from '../store/solvers-state';
import { t } from '../strings/solvers';
import { shared } from '../styles/shared';
import { Painter, prepare } from './surface';

const SCENES: Scene[] = [
  grid,
  dataHistogram,
  dataScene,
  trails,
  sampleHistogram,
  samplesScene,
];

@customElement('unnoise-solver-plot')
export class SolverPlotElement extends LitElement {
  @property({ attribute: false }) data = new Float32Array();
  @property({ type: Number }) dim = 2;
  @property({ attribute: false }) way: Way | null = null;
  @property({ type: Number }) time = 0;
  /** The sampler, for those who cannot see the picture. */
  @property() name = '';

  @query('canvas') private canvas!: HTMLCanvasElement;
  private window = windowOf(new Float32Array(), 2);
  private drawn: unknown[] = [];
  private readonly painter = new Painter(this, () => {
    this.draw();
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('data') || changed.has('dim')) {
      this.window = windowOf(this.data, this.dim);
    }
  }

  override updated(): void {
    // Much of the time line lies between two states.
    const now = [this.data, this.way?.frames[this.place], this.place];
    if (now.every((value, i) => value === this.drawn[i])) return;
    this.drawn = now;
    this.draw();
  }

  private get place(): number {
    return this.way ? slotAt(this.way, this.time) : 0;
  }

  private draw(): void {
    const surface = prepare(this.canvas);
    if (!surface) return;
    const { context, width, height } = surface;
    const scales = scalesFor(this.window, width, height);
    const frame = this.frame;
    for (const scene of SCENES) {
      if (scene.accepts(frame)) {
        scene.draw(context, frame, scales, this.painter.theme);
      }
    }
  }

  private get frame(): PlotFrame {
    const { data, dim, way, place } = this;
    const trail: Float32Array[] = [];
    for (let age = 1; way && age < TRAIL_LENGTH; ++age) {
      const older = way.frames[place + age];
      if (!older) break;
      trail.push(older);
    }
    return { dim, data, samples: way?.frames[place] ?? null, trail };
  }

  override render() {
    const { way, place, dim } = this;
    const at = way?.times[place];
    const words =
      at !== undefined
        ? t('solvers.picture', {
            name: this.name,
            count: (way?.frames[place]?.length ?? 0) / dim,
            t: at.toFixed(3),
          })
        : t('solvers.noPicture', { name: this.name });
    return html`<canvas role="img" aria-label=${words}></canvas>
      <p class="number small muted" aria-hidden="true">
        ${at !== undefined ? html`<i>t</i> ${at.toFixed(3)}` : ''}
      </p>`;
  }

  static override styles = [
    shared,
    css`
      :host {
        position: relative;
      }
      canvas {
        width: 100%;
        aspect-ratio: 1;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      p {
        position: absolute;
        top: 6px;
        right: 10px;
        padding: 0 4px;
        border-radius: 4px;
        background: color-mix(in srgb, var(--surface), transparent 20%);
      }
      i {
        font-family: Georgia, 'Times New Roman', 'DejaVu Serif', serif;
      }
    `,
  ];
}
