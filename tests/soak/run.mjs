// Kills `unnoise train` again and again at random moments, and fails unless
// everything that was saved is there afterwards.
//
//   node run.mjs --program PATH [--kills N] [--seed S]
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** Kills come within this time of a start: a few saves of a tiny model. */
const LONGEST_MS = 150;
const EXPERIMENT = ['network.width=8', 'network.depth=1', 'batch=16'];
const KINDS = ['fresh', 'force', ...Array(8).fill('resume')];

const { values } = parseArgs({
  options: {
    program: { type: 'string' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
});
const { program } = values;
const kills = Number(values.kills);
assert(program && Number.isInteger(kills) && kills > 0, 'see the first lines');

/** Numbers in [0, 1) from a seed (xorshift, 32 bits). */
function randomFrom(seed) {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
const random = randomFrom(Number(values.seed));

const folder = mkdtempSync(join(tmpdir(), 'unnoise-soak-'));
const main = join(folder, 'run');

/** Runs the program to its end. */
function cli(...words) {
  const { status, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${words.join(' ')}: ${stderr}`);
  return stdout.trim();
}

const train = (...words) => ['train', '--quiet', '--save-every', '0', ...words];
const anew = (seed, out) =>
  train(...EXPERIMENT, '--seed', String(seed), '--out', out);

/** Starts the program, and kills it after a random time. */
async function kill(words) {
  const child = spawn(program, words, { stdio: 'ignore' });
  const ended = new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve(signal ?? `exit ${code}`));
  });
  await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_MS));
  child.kill('SIGKILL');
  assert.equal(await ended, 'SIGKILL', words.join(' '));
}

const isNoted = (step) =>
  step <= 100 || (step <= 1000 && step % 10 === 0) || step % 100 === 0;

/** What stands in a directory; fails if that is not a whole run. */
function look(directory) {
  cli('fingerprint', directory);
  const bytes = readFileSync(join(directory, 'model.safetensors'));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  const { step, experiment } = header.__metadata__;

  const lines = readFileSync(join(directory, 'metrics.jsonl'), 'utf8').split(
    '\n',
  );
  lines.pop(); // Torn, or empty.
  const [first, ...noted] = lines.map((line) => JSON.parse(line));
  assert.deepEqual(first, { format: 1 });
  const steps = noted.map((line) => line.step);
  const expected = [];
  for (let i = 1; i <= Number(step); ++i) if (isNoted(i)) expected.push(i);
  assert.deepEqual(steps.slice(0, expected.length), expected);
  const later = steps.slice(expected.length);
  assert(later.every((it, i) => it > (i ? later[i - 1] : Number(step))));
  return { step: Number(step), seed: JSON.parse(experiment).seed };
}

async function soak() {
  let seed = 1;
  cli(...anew(seed, main), '--steps', '1');
  let last = look(main);
  const counts = { fresh: 0, force: 0, resume: 0 };
  let replaced = 0;
  let unmade = 0;
  for (let i = 1; i <= kills; ++i) {
    const kind = KINDS[Math.floor(random() * KINDS.length)];
    ++counts[kind];
    if (kind === 'fresh') {
      const fresh = join(folder, 'fresh');
      await kill(anew(1, fresh));
      if (existsSync(fresh)) {
        const { step } = look(fresh);
        cli(...train('--resume', fresh, '--steps', String(step + 1)));
      } else {
        ++unmade;
        cli(...anew(1, fresh), '--steps', '1');
      }
      look(fresh);
      for (const name of readdirSync(folder)) {
        if (name.startsWith('fresh'))
          rmSync(join(folder, name), { recursive: true });
      }
    } else if (kind === 'force') {
      await kill([...anew(++seed, main), '--force']);
    } else {
      await kill(train('--resume', main));
    }
    const now = look(main);
    if (now.seed === last.seed) {
      assert(now.step >= last.step, `step ${last.step} became ${now.step}`);
    } else {
      assert(kind === 'force' && now.seed === seed);
      ++replaced;
    }
    last = now;
    if (i % 20 === 0) console.log(`${i} kills, at step ${last.step}`);
  }

  const end = String(last.step + 20);
  cli(...train('--resume', main, '--steps', end));
  const whole = join(folder, 'whole');
  cli(...anew(last.seed, whole), '--steps', end);
  for (const file of ['model.safetensors', 'experiment.json', 'data.json']) {
    const [one, other] = [main, whole].map((it) =>
      readFileSync(join(it, file)),
    );
    assert(one.equals(other), `${file} differs from the uninterrupted run's`);
  }
  console.log(
    `${kills} kills (${counts.fresh} of fresh runs, ${unmade} before they ` +
      `stood; ${counts.force} of --force, ${replaced} after the exchange; ` +
      `${counts.resume} of --resume): nothing lost, and step ${end} has the ` +
      `bytes of a run without a stop`,
  );
}

console.log(`soak: ${kills} kills, --seed ${values.seed}`);
try {
  await soak();
  rmSync(folder, { recursive: true });
} catch (error) {
  console.error(`${error.message}\nWhat was left is in ${folder}.`);
  process.exitCode = 1;
}
