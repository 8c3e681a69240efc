// What the tasks share: running commands and building a preset. Knows nothing
// of packages (setup.mjs) or of what a task is for.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** An expected end: its message is for the reader, without a stack. */
export class Failure extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs a command in the root folder; throws a Failure unless it succeeds. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    ...options,
  });
  if (status === 0) return;
  const why = error?.message ?? signal ?? `exit ${status}`;
  const line = [command, ...args].join(' ');
  const shown = line.length > 100 ? `${line.slice(0, 100)}...` : line;
  throw new Failure(`Failed (${why}): ${shown}`);
}

/** Runs a command and returns whether it succeeded and its standard output. */
export function capture(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1 << 28,
    ...options,
  });
  return { ok: status === 0, stdout: stdout ?? '' };
}

/** Runs the program of an npm package by the path of its script. */
export function runTool(script, args, options) {
  run(process.execPath, [join('node_modules', script), ...args], options);
}

/** Runs a command whose output is progress, not a result: on stderr. */
export function runAside(command, args) {
  run(command, args, { stdio: ['ignore', 2, 2] });
}

/** Configures and builds a preset, or only the given targets of it. */
export function build(preset, targets = [], { quiet = false } = {}) {
  const strict = process.env.CI ? ['-DCMAKE_COMPILE_WARNING_AS_ERROR=ON'] : [];
  run('cmake', ['--preset', preset, ...strict], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const which = targets.length ? ['--target', ...targets] : [];
  const ninja = quiet ? ['--', '--quiet'] : [];
  runAside('cmake', ['--build', '--preset', preset, ...which, ...ninja]);
}

export const pageConfig = join(root, 'web/vite.config.ts');

/** Builds the static page into dist/. */
export function buildPage() {
  runTool('vite/bin/vite.js', ['build', '--config', pageConfig]);
}

/** The path of the command line, wherever it stands. */
export const cliPath = join(root, 'build/native/unnoise');

/** Files under version control or about to be, by their extensions. */
export function sourceFiles(extensions) {
  const list = capture('git', ['ls-files', '-co', '--exclude-standard']);
  if (!list.ok) throw new Failure('This is not a git checkout.');
  const wanted = new RegExp(`\\.(${extensions.join('|')})$`);
  return list.stdout
    .split('\n')
    .filter((file) => wanted.test(file) && existsSync(join(root, file)));
}
