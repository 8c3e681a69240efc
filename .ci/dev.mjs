// `npm run dev`: as `npm start`, with a page that follows its sources. The
// WebAssembly module is built once, at the start.
import { build, pageConfig } from './lib.mjs';
import { installModules, installPackages } from './setup.mjs';

export default async function dev() {
  installPackages('build');
  installModules();
  build('wasm', ['unnoise_wasm', 'unnoise_processes', 'unnoise_solvers']);
  const { createServer } = await import('vite');
  const server = await createServer({ configFile: pageConfig });
  await server.listen();
  console.log(`\nunnoise is at ${server.resolvedUrls.local[0]} (Ctrl-C ends)`);
}
