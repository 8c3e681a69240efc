// What the solver laboratory gives away: its state as a link's hash, and the
// command line that makes the same table.

import { encodeSolvers, textOfSampler } from './solvers-link';
import { isOfSteps, type SolversState } from './solvers-state';
import { quote } from './words';

/** The experiment's own words: what the samplers are drawn from. */
function wordsOf({ resolved }: SolversState): string[] {
  const overrides = resolved?.overrides ?? [];
  return overrides.filter((word) => !/^sampler[.=]/.test(word));
}

export function hashOf(state: SolversState): string {
  const { solvers, steps, n, seed, error, t: time, flags } = state;
  return encodeSolvers({
    words: wordsOf(state),
    samplers: solvers.map(({ words }) => words),
    steps,
    n,
    seed,
    error,
    t: Math.round(time * 1000) / 1000,
    flags,
  });
}

export function commandOf(state: SolversState): string {
  const { n, seed, steps, solvers, errors } = state;
  // The command line refuses what the page leaves out.
  const compared = solvers.filter((_, i) => !errors?.left_out.includes(i));
  const samplers = (compared.length > 0 ? compared : solvers)
    .map(({ words }) => words.filter((word) => !isOfSteps(word)))
    .map(textOfSampler)
    .join('; ');
  return [
    ...['unnoise', 'solvers', 'exact', ...wordsOf(state)],
    ...['--samplers', samplers, '--steps', steps.join(',')],
    ...['--n', String(n), '--seed', String(seed), '--out', 'errors.csv'],
  ]
    .map(quote)
    .join(' ');
}
