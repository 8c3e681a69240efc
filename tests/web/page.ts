// Pages without elements in front of a Host on the double, for tests of the
// labs and their parts.

import { Engine, type Port } from '../../web/src/engine/client';
import type { Host } from '../../web/src/engine/host';
import type { Carried, Reply } from '../../web/src/engine/protocol';
import type { Form } from '../../web/src/store/flags';
import { Lab } from '../../web/src/store/lab';
import type { Surroundings } from '../../web/src/store/surroundings';
import { makeHost } from './double';

/** What a page asks: a host of any page. */
interface Answering {
  answer(call: never, question: never): unknown;
  work(): boolean;
}

/** What is around a page, and its host: all that would be asynchronous is on call. */
export class Around<H extends Answering> implements Surroundings {
  base = 'https://example.org/lab/';
  page = 'https://example.org/lab/';
  form: Form = 'page';
  carried: Carried | null = null;
  saved: [string, string | Uint8Array][] = [];
  copied = '';
  readonly port: Port = {
    onmessage: null,
    onerror: null,
    postMessage: ({ id, call, question }) => {
      const answer = this.host.answer(
        call as never,
        structuredClone(question) as never,
      );
      queueMicrotask(() => {
        this.port.onmessage?.({ data: { id, answer } } as MessageEvent<Reply>);
      });
    },
  };
  private frames: ((now: number) => void)[] = [];
  private now = 0;

  constructor(
    public host: H,
    public address = '',
    public reducedMotion = false,
  ) {}
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
export class Page extends Around<Host> {
  lab: Lab;

  constructor(address = '', reducedMotion = false) {
    super(makeHost(), address, reducedMotion);
    this.lab = new Lab(new Engine(this.port), this);
  }

  async start(): Promise<this> {
    const started = this.lab.start(null);
    await this.run(20);
    await started;
    return this;
  }
}
