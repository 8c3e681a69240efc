// What the lab needs of the browser, as an interface, so that it runs without
// one in tests. main.ts has the real thing.

export interface Surroundings {
  /** Where relative URLs start from. */
  base: string;
  /** The address without its hash. */
  page: string;
  hash(): string;
  setHash(hash: string): void;
  reducedMotion: boolean;
  nextFrame(callback: (now: number) => void): void;
  copy(text: string): Promise<boolean>;
  save(name: string, content: string | Uint8Array): void;
}
