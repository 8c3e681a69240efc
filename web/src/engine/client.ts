// The page's end of the protocol: a call is a promise of its answer. It knows
// messages, not what they mean, and takes anything that passes them on.

import type { Problems } from './core';
import type { Calls, Reply } from './protocol';
import { problem } from './protocol';

export interface Port {
  postMessage(message: { id: number; call: string; question: unknown }): void;
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

type QuestionOf<Pair> = Pair extends [infer Question, unknown]
  ? Question
  : never;
type AnswerOf<Pair> = Pair extends [unknown, infer Answer] ? Answer : never;

/** Of the calls of a page's protocol, by default the training page's. */
export class Engine<Table extends object = Calls> {
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

  call<C extends keyof Table & string>(
    call: C,
    question: QuestionOf<Table[C]>,
  ): Promise<AnswerOf<Table[C]> | Problems> {
    if (this.broken) return Promise.resolve(this.failure());
    const id = this.next++;
    return new Promise((resolve) => {
      this.waiting.set(id, (answer) =>
        resolve(answer as AnswerOf<Table[C]> | Problems),
      );
      this.port.postMessage({ id, call, question });
    });
  }

  private failure() {
    return problem('engine', this.broken ?? '');
  }
}

/** The training page's engine. */
export function startEngine(supported: boolean, program?: string): Engine {
  const start = () =>
    new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  return new Engine(portOf(supported, start, program));
}

/**
 * The port of a page's worker; one without a worker where there can be none. A
 * page that carries all it needs gives the worker's program as text.
 */
export function portOf(
  supported: boolean,
  start: () => Worker,
  program?: string,
): Port {
  if (!supported) return NO_PORT;
  if (program === undefined) return start();
  // A blob is of the page's own origin, even where that is none at all: in a
  // sandboxed frame or a local file. There Chromium starts no module worker
  // from it, so the program is a classic script.
  const blob = new Blob([program], { type: 'text/javascript' });
  return new Worker(URL.createObjectURL(blob));
}

const NO_PORT: Port = {
  postMessage: () => undefined,
  onmessage: null,
  onerror: null,
};
