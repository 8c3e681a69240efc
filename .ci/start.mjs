// `npm start`: sets up, builds the command line, the WebAssembly module and
// the page, and serves the page on this machine until Ctrl-C.
import { build, buildPage, pageConfig } from './lib.mjs';
import { installModules, installPackages } from './setup.mjs';

export default async function start() {
  installPackages('build');
  installModules();
  build('native', ['unnoise']);
  build('wasm', ['unnoise_wasm', 'unnoise_processes', 'unnoise_solvers']);
  build('wasm-threads');
  buildPage();
  const { preview } = await import('vite');
  const server = await preview({ configFile: pageConfig });
  console.log(`\nunnoise is at ${server.resolvedUrls.local[0]} (Ctrl-C ends)`);
}
