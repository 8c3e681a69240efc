// What every engine worker does: starts a host when asked to, answers the page,
// and lets the host work in slices in between. It shares nothing with the page,
// so it needs no cross-origin isolation.

import { messageOf, transferables } from './host';
import { problem, type Reply } from './protocol';

/** A host of any page. */
export interface Serving {
  readonly busy: boolean;
  answer(call: never, question: never): unknown;
  /** One slice; returns whether there is more to do. */
  work(): boolean;
}

interface Request {
  id: number;
  call: string;
  question: unknown;
}

interface WorkerScope {
  onmessage: ((event: MessageEvent<Request>) => void) | null;
  postMessage(message: Reply, transfer: Transferable[]): void;
}

/** `start` makes the host of the question of the call `start`. */
export function serve<Question>(
  start: (question: Question) => Promise<Serving>,
): void {
  const scope = self as unknown as WorkerScope;
  let host: Serving | null = null;
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

  async function answer({ id, call, question }: Request): Promise<void> {
    let value: unknown;
    try {
      if (call === 'start') host ??= await start(question as Question);
      value = host
        ? host.answer(call as never, question as never)
        : problem('engine', 'the engine has not started');
    } catch (error) {
      value = problem('engine', messageOf(error));
    }
    if (host?.busy) schedule();
    scope.postMessage({ id, answer: value }, transferables(value));
  }
  scope.onmessage = ({ data }) => {
    void answer(data);
  };
}
