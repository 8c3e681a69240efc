// `npm run format`: clang-format over C++, Prettier over the rest; with
// `-- --check` only says which files differ.
import { run, runTool, sourceFiles } from './lib.mjs';
import { installModules, installPackages } from './setup.mjs';

const prettierKinds = ['ts', 'js', 'mjs', 'cjs', 'json', 'css', 'html', 'md'];

export default async function format(args) {
  const check = args.includes('--check');
  installPackages('checks');
  installModules();
  const cpp = sourceFiles(['cc', 'h']);
  if (cpp.length) {
    run('clang-format', [
      ...(check ? ['--dry-run', '-Werror'] : ['-i']),
      ...cpp,
    ]);
  }
  // Fixtures are files as the program wrote them, to the byte; a corpus is what
  // strangers write.
  const others = sourceFiles(prettierKinds).filter(
    (file) =>
      file !== 'package-lock.json' && !/\/(fixtures|corpus)\//.test(file),
  );
  runTool('prettier/bin/prettier.cjs', [
    ...['--config', 'web/prettier.config.js', '--log-level', 'warn'],
    check ? '--check' : '--write',
    ...others,
  ]);
}
