// The process laboratory's worker: its module behind its host.

import { startModule } from './module';
import { ProcessHost } from './process-host';
import type { ProcessCalls } from './process-protocol';
import type { ProcessCore } from './processes';
import { serve } from './serve';

serve(async (question: ProcessCalls['start'][0]) => {
  const core = await startModule<ProcessCore>('unnoise_processes', question);
  return new ProcessHost(core, () => performance.now());
});
