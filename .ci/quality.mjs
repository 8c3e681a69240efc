// `npm run quality`: trains each family at its default length and measures how
// close the samples come to the data. Minutes, so no part of `npm test`.
import { build, run } from './lib.mjs';
import { installPackages } from './setup.mjs';

export default async function quality(args) {
  installPackages('build');
  build('native', ['unnoise']);
  run(process.execPath, ['tests/quality/run.mjs', ...args]);
}
