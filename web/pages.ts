// The pages of the lab, each a document of its own with a module of its own to
// load. One stands in the list once its document does. The build of Vite makes
// the first; a plugin here builds each other page apart and puts its files
// beside: built together they would share files, and each page would load what
// another page needs, in more and larger pieces.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, mergeConfig, type InlineConfig, type Plugin } from 'vite';

/** Name of a page, its document, and the wasm module that it computes with. */
export const PAGES = [
  { name: 'train', file: 'index.html', module: 'unnoise' },
  { name: 'solvers', file: 'solvers.html', module: 'unnoise_solvers' },
  { name: 'processes', file: 'processes.html', module: 'unnoise_processes' },
].filter(({ file }) => existsSync(join(import.meta.dirname, file)));

/** `making` is what all pages are made with. */
export function otherPages(making: InlineConfig): Plugin {
  return {
    name: 'unnoise:other-pages',
    apply: 'build',
    async generateBundle(_, bundle) {
      const names = new Set(Object.keys(bundle));
      for (const { file: page } of PAGES.slice(1)) {
        for (const file of await filesOf(page, making)) {
          // A style sheet that pages have alike has one name, by its content.
          if (names.has(file.fileName)) continue;
          names.add(file.fileName);
          this.emitFile({ type: 'asset', ...file });
        }
      }
    },
  };
}

async function filesOf(
  page: string,
  making: InlineConfig,
): Promise<{ fileName: string; source: string | Uint8Array }[]> {
  const made = await build(
    mergeConfig(making, {
      configFile: false,
      publicDir: false,
      logLevel: 'warn',
      build: {
        write: false,
        rolldownOptions: { input: join(import.meta.dirname, page) },
      },
    }),
  );
  if (Array.isArray(made) || !('output' in made)) {
    throw new Error(`The build of ${page} made several.`);
  }
  return made.output.map((file) => ({
    fileName: file.fileName,
    source: file.type === 'chunk' ? file.code : file.source,
  }));
}
