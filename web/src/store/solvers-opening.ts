// What words stand for in the solver laboratory: a law, a sampler, or all that
// a link says, as far as it can be read. How a link is written is not known
// here (solvers-link.ts).

import type { Engine } from '../engine/client';
import type { Problem, Problems } from '../engine/core';
import { isProblems } from '../engine/protocol';
import type { SolverCalls } from '../engine/solver-protocol';
import type { ResolvedLaw } from '../engine/solvers';
import { valueAt } from './schema';
import { decodeSolvers, DEFAULT_LINK, type SolversLink } from './solvers-link';
import type { Solver } from './solvers-state';
import { textOf } from './state';

interface Opened {
  link: SolversLink;
  resolved: ResolvedLaw;
  solvers: Solver[];
  /** What cannot be read. */
  wrong: Problem[];
}

export class SolverOpening {
  private ids = 0;

  constructor(private readonly engine: Engine<SolverCalls>) {}

  resolve(
    experiment: string,
    words: string[],
  ): Promise<ResolvedLaw | Problems> {
    return this.engine.call('resolve', { experiment, words });
  }

  /** A sampler of these words; an id of its own unless it replaces one. */
  async makeSolver(
    law: string,
    words: string[],
    id = this.ids++,
  ): Promise<Solver | Problems> {
    const kind = words.filter((word) => word.startsWith('sampler=')).at(-1);
    const fields = words.filter((word) => !word.startsWith('sampler='));
    const made = await this.resolve(law, [
      ...(kind === undefined ? [] : [kind]),
      ...fields,
    ]);
    if (isProblems(made)) return made;
    const { values, overrides } = made;
    return {
      id,
      words: [
        `sampler=${String(valueAt(values, 'sampler.kind'))}`,
        ...overrides.filter((word) => word.startsWith('sampler.')),
      ],
      values,
      drafts: {},
      way: null,
    };
  }

  /** All that a link says, with defaults for what cannot be read. */
  async read(hash: string): Promise<Opened | Problems> {
    const link = decodeSolvers(hash);
    const law = await this.whatHolds('', link.words);
    const resolved = await this.resolve('', law.words);
    if (isProblems(resolved)) return resolved;
    const { experiment } = resolved;
    const wrong = [...link.problems, ...law.wrong];
    const solvers: Solver[] = [];
    for (const words of link.samplers) {
      // Of no known kind it is no sampler; else it loses single fields alone.
      const bare = await this.makeSolver(experiment, words.slice(0, 1));
      if (isProblems(bare)) {
        wrong.push(...bare.problems);
        continue;
      }
      const held = await this.whatHolds(experiment, words);
      const solver = await this.makeSolver(experiment, held.words, bare.id);
      solvers.push(isProblems(solver) ? bare : solver);
      wrong.push(...held.wrong);
    }
    for (const words of solvers.length > 0 ? [] : DEFAULT_LINK.samplers) {
      const solver = await this.makeSolver(experiment, words);
      if (!isProblems(solver)) solvers.push(solver);
    }
    return { link, resolved, solvers, wrong };
  }

  /** All words, or else each that can stand with those before it. */
  private async whatHolds(
    experiment: string,
    words: string[],
  ): Promise<{ words: string[]; wrong: Problem[] }> {
    const wrong: Problem[] = [];
    if (!isProblems(await this.resolve(experiment, words))) {
      return { words, wrong };
    }
    const kept: string[] = [];
    for (const word of words) {
      const answer = await this.resolve(experiment, [...kept, word]);
      if (isProblems(answer)) {
        wrong.push({ path: word, message: textOf(answer) });
      } else {
        kept.push(word);
      }
    }
    return { words: kept, wrong };
  }
}
