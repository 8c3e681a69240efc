// What a single-file page carries: the worker and the wasm module as gzip in
// base64, each in a script element that no browser runs. The build writes them
// (web/single.ts); a page of many files has none.

import { gunzipSync } from 'fflate';
import type { Carried } from './engine/protocol';

export interface CarriedFiles extends Carried {
  /** The worker's program. */
  worker: string;
}

export function carriedFiles(): CarriedFiles | null {
  const worker = bytesOf('worker.js');
  const module = bytesOf('module.mjs');
  const wasm = bytesOf('module.wasm');
  if (!worker || !module || !wasm) return null;
  const utf8 = new TextDecoder();
  return { worker: utf8.decode(worker), module: utf8.decode(module), wasm };
}

function bytesOf(name: string): Uint8Array | null {
  const text = document.querySelector(`[data-carried="${name}"]`)?.textContent;
  if (!text) return null;
  return gunzipSync(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)));
}
