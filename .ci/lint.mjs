// `npm run lint`: the format of every file, then what ESLint finds.
import format from './format.mjs';
import { runTool } from './lib.mjs';

export default async function lint() {
  await format(['--check']);
  runTool('eslint/bin/eslint.js', [
    ...['--config', 'web/eslint.config.js', '--max-warnings', '0'],
    ...['web', 'e2e', 'tests', '.ci'],
  ]);
}
