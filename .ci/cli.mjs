// `npm run cli -- ARGS`: the command line in the caller's folder, built first
// if it is missing or old. Standard output belongs to the program alone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { build, cliPath } from './lib.mjs';
import { installPackages } from './setup.mjs';

export default async function cli(args) {
  const fresh = !existsSync(cliPath);
  if (fresh) installPackages('build');
  build('native', ['unnoise'], { quiet: !fresh });

  const child = spawn(cliPath, args, {
    cwd: process.env.INIT_CWD,
    stdio: 'inherit',
  });
  // A terminal sends its Ctrl-C to the program itself; other senders reach
  // only this process.
  const onTerminal = process.stdin.isTTY || process.stderr.isTTY;
  process.on('SIGINT', () => onTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + constants.signals[signal]),
    );
  });
}
