// `npm run soak`: kills the command line 200 times at random moments and fails
// unless everything that was saved is there; then trains the page's module for a
// minute and fails if its memory grows. `npm test` has short forms.
import { parseArgs } from 'node:util';
import { build, cliPath, run } from './lib.mjs';
import { installPackages } from './setup.mjs';

export default async function soak(args) {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '1' },
    },
  });
  installPackages('build');
  build('native', ['unnoise']);
  build('wasm', ['unnoise_wasm']);
  const seed = values.seed === undefined ? [] : ['--seed', values.seed];
  run(process.execPath, [
    ...['tests/soak/run.mjs', '--program', cliPath],
    ...['--kills', values.kills, ...seed],
  ]);
  run(process.execPath, [
    ...['tests/soak/memory.mjs', '--minutes', values.minutes],
  ]);
}
