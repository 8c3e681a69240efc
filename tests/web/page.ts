// Pages without elements in front of a Host on the double, for tests of the
// labs and their parts.

import { Engine, type Port } from '../../web/src/engine/client';
import type { Carried, Reply, Request } from '../../web/src/engine/protocol';
import type { Form } from '../../web/src/store/flags';
import { Lab } from '../../web/src/store/lab';
import type { Surroundings } from '../../web/src/store/surroundings';
import { makeHost } from './double';

/** What is around a page, and a host: all that would be asynchronous is on call. */
export class Around implements Surroundings {
  base = 'https://example.org/lab/';
  page = 'https://example.org/lab/';
  address = '';
  form: Form = 'page';
  carried: Carried | null = null;
  reducedMotion = false;
  saved: [string, string | Uint8Array][] = [];
  copied = '';
  host = makeHost();
  readonly engine: Engine;
  private frames: ((now: number) => void)[] = [];
  private now = 0;

  constructor(address = '', reducedMotion = false) {
    this.address = address;
    this.reducedMotion = reducedMotion;
    const port: Port = {
      onmessage: null,
      onerror: null,
      postMessage: ({ id, call, question }: Request) => {
        const answer: unknown = this.host.answer(
          call,
          structuredClone(question),
        );
        queueMicrotask(() => {
          port.onmessage?.({ data: { id, answer } } as MessageEvent<Reply>);
        });
      },
    };
    this.engine = new Engine(port);
  }
  hash = () => this.address;
  setHash = (hash: string) => {
    this.address = hash;
  };
  nextFrame = (callback: (now: number) => void) => {
    this.frames.push(callback);
  };
  copy = (text: string) => {
    this.copied = text;
    return Promise.resolve(true);
  };
  save = (name: string, content: string | Uint8Array) => {
    this.saved.push([name, content]);
  };

  /** Lets the page and the engine do a number of frames. */
  async run(count = 200): Promise<void> {
    for (let i = 0; i < count; ++i) {
      this.host.work();
      this.now += 16;
      const due = this.frames;
      this.frames = [];
      for (const callback of due) callback(this.now);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** The training page. */
export class Page extends Around {
  lab = new Lab(this.engine, this);

  async start(): Promise<this> {
    const started = this.lab.start(null);
    await this.run(20);
    await started;
    return this;
  }
}
