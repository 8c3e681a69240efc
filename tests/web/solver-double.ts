// A stand-in for the solver laboratory's wasm module: laws and samplers of
// double.ts, ways straight from noise to data, and errors of known orders.

import type {
  SolverCore,
  SolverErrors,
  SolverSession,
} from '../../web/src/engine/solvers';
import { SolverHost } from '../../web/src/engine/solver-host';
import { isProblems } from '../../web/src/engine/protocol';
import { DESCRIPTION, fieldAt, makeDouble } from './double';

const NOTHING = new Uint8Array();

class DoubleSolvers implements SolverSession {
  private readonly inner = new (makeDouble().Session)();
  private asked: { sampler: number; steps: number }[] = [];
  private solvers: string[][] = [];
  private rows = 0;

  open(experiment: string) {
    const opened = this.inner.open(experiment, NOTHING);
    return isProblems(opened) ? opened : { dim: opened.dim };
  }
  data(n: number, seed: number) {
    return this.inner.data(n, seed);
  }
  startSampling(n: number, seed: number, words: string[]) {
    const started = this.inner.startSampling(n, seed, words, false);
    return isProblems(started)
      ? started
      : Float32Array.from(started.grid, ({ t }) => t);
  }
  step() {
    return this.inner.step();
  }
  particles() {
    return this.inner.particles();
  }
  /** Sampler i is of order i + 1, and a piece of work is a row. */
  startErrors(n: number, _: number, samplers: string[][], steps: number[]) {
    if (n < 2) return { problems: [{ path: 'n', message: 'too few' }] };
    this.asked = steps.flatMap((count) =>
      samplers.map((_words, sampler) => ({ sampler, steps: count })),
    );
    this.solvers = samplers;
    this.rows = 0;
    return this.errors(0);
  }
  errors(pieces: number): SolverErrors {
    this.rows = Math.min(this.asked.length, this.rows + pieces);
    return {
      done: this.rows,
      pieces: this.asked.length,
      floor: { paths: 1e-6, law: 0.05 },
      rows: this.asked.slice(0, this.rows).map(({ sampler, steps }) => ({
        sampler,
        steps,
        evaluations: steps * (sampler + 1),
        paths: steps ** -(sampler + 1),
        law: 0.05 + 1 / steps,
      })),
      left_out: [],
      orders: this.solvers.map((_, sampler) => ({ paths: sampler + 1 })),
    };
  }
  errorsText() {
    return `sampler,steps\n${this.rows}`;
  }
}

export function makeSolverHost(tick = 0.5): SolverHost {
  const double = makeDouble();
  const core: SolverCore = {
    describe: () => ({
      version: DESCRIPTION.version,
      experiment: [fieldAt('data'), fieldAt('sampler')],
    }),
    resolve: (experiment, words) => double.resolve(experiment, words, NOTHING),
    SolverSession: DoubleSolvers,
  };
  let now = 0;
  return new SolverHost(core, () => (now += tick));
}
