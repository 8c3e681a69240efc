// `npm run page`: builds the page into dist/, ready for any static server.
import { build, buildPage } from './lib.mjs';
import { installModules, installPackages } from './setup.mjs';

export default function page() {
  installPackages('build');
  installModules();
  build('wasm', ['unnoise_wasm', 'unnoise_processes', 'unnoise_solvers']);
  buildPage();
}
