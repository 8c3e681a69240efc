// Tests of the tests: each fault of list.json is put into a copy of the sources,
// one at a time, and some native test must fail. Tests that only compare hashes
// with kept ones are left out: they see every change and explain none.
//
//   node run.mjs [--only TEXT]...   faults whose file or reason holds a TEXT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const HASHES = [
  'Golden.*',
  'Readme.*',
  'Conformance.EveryCompilerGivesTheSameBits',
  'ExactMathGolden.*',
  'Key.GoldenStreams',
  'Normal.GoldenOnEveryTarget',
  'DatasetTest.DrawsKeepTheirBits',
  'FixturesTest.*',
  // And what looks at the tree, which the copy is not.
  'Tree.*',
  'Order.*',
  'Layers.*',
];
/** A fault may make a loop endless. */
const LONGEST_MS = 120_000;

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true, default: [''] } },
});
const root = join(import.meta.dirname, '../..');
const source = join(root, 'build/mutations/source');
const build = join(root, 'build/mutations/build');
const list = JSON.parse(
  readFileSync(join(import.meta.dirname, 'list.json'), 'utf8'),
).filter(({ file, why }) =>
  values.only.some((text) => `${file} ${why}`.includes(text)),
);

function run(command, args, options = {}) {
  return spawnSync(command, args, { encoding: 'utf8', ...options });
}

function must(command, args, options) {
  const { status, stdout, stderr } = run(command, args, options);
  assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

const make = () =>
  run('cmake', ['--build', build, '--target', 'unnoise_tests']);

/** The first test that fails, or undefined. */
function firstFailure() {
  const { status, stdout, error } = run(
    join(build, 'tests/unnoise_tests'),
    [
      `--gtest_filter=-${HASHES.join(':')}`,
      ...['--gtest_fail_fast', '--gtest_brief=1', '--gtest_color=no'],
    ],
    { timeout: LONGEST_MS, cwd: build },
  );
  if (status === 0) return undefined;
  const failed = /\[ {2}FAILED {2}\] ([\w./]+)/.exec(stdout)?.[1];
  return failed ?? (error ? 'no end' : 'a crash');
}

/** Only what changed is written, so that only that is compiled again. */
function copySources() {
  const files = must('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of files.trim().split('\n')) {
    if (!/^(core|tests|web\/src\/styles|CMake|package)/.test(file)) continue;
    mkdirSync(dirname(join(source, file)), { recursive: true });
    cpSync(join(root, file), join(source, file), { preserveTimestamps: true });
  }
}

copySources();
must('cmake', [
  ...['-S', source, '-B', build, '-G', 'Ninja'],
  ...['-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_CXX_FLAGS_RELEASE=-O1'],
]);
const first = make();
assert.equal(first.status, 0, first.stdout);
assert.equal(firstFailure(), undefined, 'without a fault a test fails');

let survived = 0;
for (const [i, { file, find, put, why }] of list.entries()) {
  const path = join(source, file);
  const text = readFileSync(path, 'utf8');
  assert.equal(text.split(find).length, 2, `${file}: ${find}`);
  writeFileSync(
    path,
    text.replace(find, () => put),
  );
  const made = make();
  assert.equal(made.status, 0, `${file}: ${put}\n${made.stdout}`);
  const failure = firstFailure();
  if (!failure) ++survived;
  console.log(
    `${String(i + 1).padStart(3)} ${failure ? 'caught' : 'SURVIVED'}  ` +
      `${why} (${file})${failure ? `: ${failure}` : ''}`,
  );
  writeFileSync(path, text);
}
console.log(`${list.length - survived} caught, ${survived} survived`);
process.exitCode = survived > 0 ? 1 : 0;
