// The page's end of the protocol: a call is a promise of its answer. It knows
// messages, not what they mean, and takes anything that passes them on.

import type { Answer, Call, Question, Reply, Request } from './protocol';
import { problem } from './protocol';

export interface Port {
  postMessage(message: Request): void;
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export class Engine {
  private next = 0;
  private readonly waiting = new Map<number, (answer: unknown) => void>();
  private broken: string | null = null;

  constructor(private readonly port: Port) {
    port.onmessage = ({ data }) => {
      this.waiting.get(data.id)?.(data.answer);
      this.waiting.delete(data.id);
    };
    port.onerror = (event) => {
      event.preventDefault?.();
      this.broken = event.message || 'the worker could not be started';
      for (const settle of this.waiting.values()) settle(this.failure());
      this.waiting.clear();
    };
  }

  call<C extends Call>(call: C, question: Question<C>): Promise<Answer<C>> {
    if (this.broken) return Promise.resolve(this.failure());
    const id = this.next++;
    return new Promise((resolve) => {
      this.waiting.set(id, (answer) => resolve(answer as Answer<C>));
      this.port.postMessage({ id, call, question } as Request);
    });
  }

  private failure() {
    return problem('engine', this.broken ?? '');
  }
}

/**
 * The engine of this page; without a worker where there can be none. A page
 * that carries all it needs gives the worker's program as text.
 */
export function startEngine(supported: boolean, program?: string): Engine {
  if (!supported) return new Engine(NO_PORT);
  if (program !== undefined) {
    // A blob is of the page's own origin, even where that is none at all: in a
    // sandboxed frame or a local file. There Chromium starts no module worker
    // from it, so the program is a classic script.
    const blob = new Blob([program], { type: 'text/javascript' });
    const url = URL.createObjectURL(blob);
    return new Engine(new Worker(url));
  }
  return new Engine(
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  );
}

const NO_PORT: Port = {
  postMessage: () => undefined,
  onmessage: null,
  onerror: null,
};
