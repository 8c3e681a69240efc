// What the lab needs of the browser, as an interface, so that it runs without
// one in tests. main.ts has the real thing.

import type { Carried } from '../engine/protocol';
import type { Form } from './flags';

export interface Surroundings {
  /** Where relative URLs start from. */
  base: string;
  /** The address without its hash. */
  page: string;
  /** What the document is made as. */
  form: Form;
  /** The engine's files, where the document is a single file with all in it. */
  carried: Carried | null;
  hash(): string;
  setHash(hash: string): void;
  reducedMotion: boolean;
  nextFrame(callback: (now: number) => void): void;
  copy(text: string): Promise<boolean>;
  save(name: string, content: string | Uint8Array): void;
}
