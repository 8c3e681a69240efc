// The worker of the training page: the wasm module, which may have threads where
// the page is isolated, behind a Host.

import { Host } from './host';
import { load } from './load';
import { startModule } from './module';
import type { Core } from './core';
import type { Question } from './protocol';
import { serve } from './serve';

/** Set by vite.config.ts. */
declare const THREADED_MODULE: boolean;

serve(async (question: Question<'start'>) => {
  const core = await load({
    isolated: globalThis.crossOriginIsolated,
    processors: navigator.hardwareConcurrency,
    // A page that carries its module carries the plain one.
    threaded: THREADED_MODULE && !question.carried,
    start: (name) => startModule<Core>(name, question),
  });
  return new Host(core, () => performance.now());
});
