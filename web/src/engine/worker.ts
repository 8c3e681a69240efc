// The engine worker: loads the wasm module, then lets a Host answer the page
// and work in slices in between. It shares nothing with the page, so it needs no
// cross-origin isolation; where there is some, the module may have threads.

import type { Core } from './core';
import { Host, messageOf, transferables } from './host';
import { load } from './load';
import { startModule } from './module';
import { problem, type Question, type Reply, type Request } from './protocol';

interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Reply, transfer: Transferable[]): void;
}
const scope = self as unknown as WorkerScope;

let host: Host | null = null;
let scheduled = false;

// A posted message yields to waiting questions without a timer's delay.
const turn = new MessageChannel();
turn.port1.onmessage = () => {
  scheduled = false;
  if (host?.work()) schedule();
};

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  turn.port2.postMessage(null);
}

/** Set by vite.config.ts. */
declare const THREADED_MODULE: boolean;

function start(question: Question<'start'>): Promise<Core> {
  return load({
    isolated: globalThis.crossOriginIsolated,
    processors: navigator.hardwareConcurrency,
    // A page that carries its module carries the plain one.
    threaded: THREADED_MODULE && !question.carried,
    start: (name) => startModule(name, question),
  });
}

scope.onmessage = ({ data }) => {
  void answer(data);
};

async function answer(request: Request): Promise<void> {
  let value: unknown;
  try {
    if (request.call === 'start') {
      host ??= new Host(await start(request.question), () => performance.now());
    }
    value = host
      ? host.answer(request.call, request.question)
      : problem('engine', 'the engine has not started');
  } catch (error) {
    value = problem('engine', messageOf(error));
  }
  if (host?.busy) schedule();
  scope.postMessage({ id: request.id, answer: value }, transferables(value));
}
