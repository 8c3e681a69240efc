// The solver laboratory's worker: its module behind its host.

import { startModule } from './module';
import { serve } from './serve';
import { SolverHost } from './solver-host';
import type { SolverCalls } from './solver-protocol';
import type { SolverCore } from './solvers';

serve(async (question: SolverCalls['start'][0]) => {
  const core = await startModule<SolverCore>('unnoise_solvers', question);
  return new SolverHost(core, () => performance.now());
});
