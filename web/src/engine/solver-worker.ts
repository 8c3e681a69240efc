// The solver laboratory's worker: its module, and a host that works in slices
// between questions. It shares nothing with the page and needs no threads.

import { messageOf, transferables } from './host';
import { startModule } from './module';
import { SolverHost } from './solver-host';
import type { SolverCalls } from './solver-protocol';
import type { SolverCore } from './solvers';
import { problem, type Reply } from './protocol';

type Request = {
  [C in keyof SolverCalls]: {
    id: number;
    call: C;
    question: SolverCalls[C][0];
  };
}[keyof SolverCalls];

interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Reply, transfer: Transferable[]): void;
}
const scope = self as unknown as WorkerScope;

let host: SolverHost | null = null;
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

async function start(question: SolverCalls['start'][0]): Promise<SolverHost> {
  const core = await startModule<SolverCore>('unnoise_solvers', question);
  return new SolverHost(core, () => performance.now());
}

scope.onmessage = ({ data }) => {
  void answer(data);
};

async function answer(request: Request): Promise<void> {
  let value: unknown;
  try {
    if (request.call === 'start') host ??= await start(request.question);
    value = host
      ? host.answer(request.call, request.question)
      : problem('engine', 'the engine has not started');
  } catch (error) {
    value = problem('engine', messageOf(error));
  }
  if (host?.busy) schedule();
  scope.postMessage({ id: request.id, answer: value }, transferables(value));
}
