// Builds the pages from web/ to dist/ as static files with relative URLs, and the
// first once more as single files (single.ts); says where its unit tests are. The
// WebAssembly module is copied from web/public as it is: the worker loads it by
// URL.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

import { minifiedModules } from './modules.ts';
import { otherPages, PAGES } from './pages.ts';
import { singleFiles } from './single.ts';

const place = { host: '127.0.0.1', port: 5173 };
// Isolated from other sites' windows, the page may share memory between threads.
// It needs none of these where it is hosted without them; the last lets isolated
// sites frame it.
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};
const modules = join(import.meta.dirname, 'public/wasm');
const threads = join(modules, 'unnoise_threads.wasm');

/** What a page is made with, whichever file it ends in. */
const making = {
  root: import.meta.dirname,
  base: './',
  worker: { format: 'es' as const },
  define: {
    // Asking the server for a module that was not built would log an error.
    THREADED_MODULE: JSON.stringify(existsSync(threads)),
    PAGES: JSON.stringify(PAGES.map(({ name, file }) => ({ name, file }))),
  },
};
const target = 'es2022';

/** Served with `--mode plain`, the page is as most hosts serve it. */
export default defineConfig(({ mode }) => ({
  ...making,
  plugins: [
    minifiedModules(),
    otherPages({ ...making, build: { target } }),
    singleFiles(modules),
  ],
  cacheDir: '../node_modules/.vite',
  server: { ...place, headers: isolation },
  preview: { ...place, headers: mode === 'plain' ? {} : isolation },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target,
    reportCompressedSize: false,
  },
  test: { include: ['../tests/web/**/*.test.ts'] },
}));
