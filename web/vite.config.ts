// Builds the page from web/ to dist/ as static files with relative URLs, and
// once more as single files (single.ts); says where its unit tests are. The
// WebAssembly module is copied from web/public as it is: the worker loads it by
// URL.
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

import { singleFiles } from './single.ts';

const server = { host: '127.0.0.1', port: 5173 };

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [singleFiles(join(import.meta.dirname, 'public/wasm'))],
  cacheDir: '../node_modules/.vite',
  server,
  preview: server,
  worker: { format: 'es' },
  build: {
    outDir: '../dist',
    emptyOutDir: true,
    target: 'es2022',
    reportCompressedSize: false,
  },
  test: { include: ['../tests/web/**/*.test.ts'] },
});
