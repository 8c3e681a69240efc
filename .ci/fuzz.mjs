// `npm run fuzz`: runs every fuzz target on fresh inputs, two at a time, ten
// minutes each; `-- --seconds 60` for less, `-- NAME ...` for some targets.
// What made one fail stays in build/fuzz.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, build, root } from './lib.mjs';
import { installPackages } from './setup.mjs';

const AT_ONCE = 2;

export default async function fuzz(args) {
  const { seconds, names } = optionsOf(args);
  installPackages('build', 'checks');
  const programs = names.map((name) => `${name}_fuzz`);
  build('native-fuzz', programs);

  const waiting = [...names];
  const failed = [];
  const work = async () => {
    for (let name; (name = waiting.shift()) !== undefined;) {
      if (!(await runTarget(name, seconds))) failed.push(name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failed.length) {
    throw new Failure(`Failed: ${failed.join(', ')}; see build/fuzz.`);
  }
}

function optionsOf(args) {
  const all = readdirSync(join(root, 'tests/fuzz'))
    .filter((file) => file.endsWith('_fuzz.cc'))
    .map((file) => file.replace('_fuzz.cc', ''));
  let seconds = 600;
  const names = [];
  for (let i = 0; i < args.length; ++i) {
    if (args[i] === '--seconds') {
      seconds = Number(args[++i]);
      if (!(seconds >= 1)) throw new Failure('Give --seconds a number.', 2);
    } else if (all.includes(args[i])) {
      names.push(args[i]);
    } else {
      throw new Failure(
        `There is no target ${args[i]}; there are ${all.join(', ')}.`,
        2,
      );
    }
  }
  return { seconds, names: names.length ? names : all };
}

// New inputs go to build/fuzz/NAME; the corpus under version control is only
// read. libFuzzer's own words are kept in a log and shown if it fails.
function runTarget(name, seconds) {
  const found = join(root, 'build/fuzz', name);
  mkdirSync(found, { recursive: true });
  const child = spawn(
    join(root, `build/native-fuzz/tests/fuzz/${name}_fuzz`),
    [
      `-max_total_time=${seconds}`,
      '-timeout=10',
      '-rss_limit_mb=2048',
      '-max_len=8192',
      '-print_final_stats=1',
      `-artifact_prefix=${found}-`,
      found,
      join(root, 'tests/fuzz/corpus', name),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let log = '';
  const keep = (chunk) => (log = (log + chunk).slice(-100000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const runs = log.match(/number_of_executed_units: (\d+)/)?.[1];
      const ok = code === 0;
      console.log(
        ok ? `${name}: ${runs} inputs, no report` : `${name} failed:\n${log}`,
      );
      resolve(ok);
    });
  });
}
