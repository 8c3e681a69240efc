// `npm run mutations`: do the tests see faults? (tests/mutations)
import { run } from './lib.mjs';
import { installPackages } from './setup.mjs';

export default async function mutations(args) {
  installPackages('build');
  run(process.execPath, ['tests/mutations/run.mjs', ...args]);
}
