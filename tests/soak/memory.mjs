// Trains the page's module in node, sampling, opening and closing as a page
// does, and fails if its memory grows after the first minute (or tenth).
//
//   node memory.mjs [--minutes N]
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' } },
});
const total = Number(values.minutes) * 60_000;
assert(total > 0, 'see the first lines');

const module = join(import.meta.dirname, '../../web/public/wasm/unnoise.mjs');
const { default: create } = await import(pathToFileURL(module).href);
const core = await create({
  wasmBinary: readFileSync(module.replace('.mjs', '.wasm')),
});
const none = new Uint8Array();
const megabytes = () => core.HEAPU8.length / 2 ** 20;

function good(value) {
  assert(!value.problems, JSON.stringify(value.problems));
  return value;
}

function open(words) {
  const session = new core.Session();
  const { experiment } = good(core.resolve('', words, none));
  good(session.open(experiment, none));
  return session;
}

/** A student's minute in small: another experiment, looked at and closed. */
function visit(seed) {
  const width = [8, 64, 32, 128][seed % 4];
  const session = open([`network.width=${width}`, `seed=${seed}`]);
  good(session.advance(20));
  good(session.startSampling(500, seed, [], false));
  while (session.step() > 0);
  good(session.particles());
  session.fingerprint();
  session.delete();
}

const long = open([]);
const start = performance.now();
let steps = 0;
let visits = 0;
let after = 0;
let told = 0;
for (;;) {
  const spent = performance.now() - start;
  if (spent > total) break;
  for (let i = 0; i < 20; ++i) good(long.advance(5));
  steps += 100;
  visit(visits++);
  if (!after && spent > Math.min(60_000, total / 10)) after = megabytes();
  if (spent - told > 60_000) {
    told = spent;
    console.log(`${Math.round(spent / 60_000)} min: ${megabytes()} MiB`);
  }
}
assert.equal(megabytes(), after, 'the memory of the module grew');
console.log(
  `${steps} steps of one run and ${visits} runs opened and closed in ` +
    `${values.minutes} min: ${after} MiB all the time`,
);
