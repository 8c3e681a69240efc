// What the engine needs of a browser, and whether this one has it.

/** () -> v128: i32.const 0, i8x16.splat, i8x16.popcnt. */
const SIMD = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8,
  0, 65, 0, 253, 15, 253, 98, 11,
];
/** () -> (): try, catch_all, end. */
const EXCEPTIONS = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6,
  64, 25, 11, 11,
];

export type Need = 'wasm' | 'simd' | 'exceptions' | 'workers';

/** The first thing missing here, or null if nothing is. */
export function missing(): Need | null {
  if (typeof WebAssembly !== 'object') return 'wasm';
  if (!WebAssembly.validate(new Uint8Array(SIMD))) return 'simd';
  if (!WebAssembly.validate(new Uint8Array(EXCEPTIONS))) return 'exceptions';
  return moduleWorkers() ? null : 'workers';
}

/** Asks for a worker and sees whether `type` is looked at; none is started. */
function moduleWorkers(): boolean {
  if (typeof Worker !== 'function') return false;
  let asked = false;
  const options = {
    get type(): WorkerType {
      asked = true;
      throw new TypeError('only asked');
    },
  };
  try {
    new Worker('data:,', options).terminate();
  } catch {
    // Reading `type` threw, as it should; nothing was started.
  }
  return asked;
}
