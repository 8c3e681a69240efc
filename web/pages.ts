// The pages of the lab, each a document of its own with a module of its own to
// load. One stands in the list once its document does.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Name of a page, its document, and the wasm module that it computes with. */
export const PAGES = [
  { name: 'train', file: 'index.html', module: 'unnoise' },
  { name: 'solvers', file: 'solvers.html', module: 'unnoise_solvers' },
  { name: 'processes', file: 'processes.html', module: 'unnoise_processes' },
].filter(({ file }) => existsSync(join(import.meta.dirname, file)));
