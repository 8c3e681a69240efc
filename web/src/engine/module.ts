// Starts the wasm module in the worker: from its files beside the page, or from
// what a single-file page carries and hands over.

import type { Question } from './protocol';

type Factory<Core> = (options?: object) => Promise<Core>;

export async function startModule<Core>(
  name: string,
  { base, carried }: Question<'start'>,
): Promise<Core> {
  if (!carried) {
    const factory = await load<Core>(new URL(`wasm/${name}.mjs`, base).href);
    return factory();
  }
  const blob = new Blob([carried.module], { type: 'text/javascript' });
  const url = URL.createObjectURL(blob);
  try {
    const factory = await load<Core>(url);
    // With locateFile the module looks for nothing beside itself: a blob's
    // address is no place.
    return await factory({
      wasmBinary: carried.wasm,
      locateFile: (name: string) => name,
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function load<Core>(url: string): Promise<Factory<Core>> {
  const module = (await import(/* @vite-ignore */ url)) as {
    default: Factory<Core>;
  };
  return module.default;
}
