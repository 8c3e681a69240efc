// `npm run soak`: kills the command line 200 times at random moments and fails
// unless everything that was saved is there. A minute; `npm test` has a short
// form.
import { build, cliPath, run } from './lib.mjs';
import { installPackages } from './setup.mjs';

export default async function soak(args) {
  installPackages('build');
  build('native', ['unnoise']);
  run(process.execPath, ['tests/soak/run.mjs', '--program', cliPath, ...args]);
}
