// WebAssembly in a browser's worker against node: the same module takes the
// same training steps in both, in turns. The worker is bare: its page shows
// nothing and asks nothing. Reported, never passed or failed.
//
//   node tests/bench/worker.mjs [--rounds N] [--json]

import { chromium } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openSteps, SIZES } from './steps.mjs';

const SECONDS = 0.4;
/** Until every kernel has been compiled for speed. */
const WARM_SECONDS = 1.5;

const option = (name) => process.argv.indexOf(name);
const asJson = option('--json') > 0;
const asked = option('--rounds');
const rounds = asked < 0 ? 9 : Math.max(1, Number(process.argv[asked + 1]));

const wasm = join(import.meta.dirname, '../../web/public/wasm');
const FILES = {
  '/': ['text/html', Buffer.from('<!doctype html><title>bare</title>')],
  '/steps.mjs': [
    'text/javascript',
    readFileSync(join(import.meta.dirname, 'steps.mjs')),
  ],
  '/unnoise.mjs': ['text/javascript', readFileSync(join(wasm, 'unnoise.mjs'))],
  '/unnoise.wasm': [
    'application/wasm',
    readFileSync(join(wasm, 'unnoise.wasm')),
  ],
};
const server = createServer(({ url }, response) => {
  const [type, body] = FILES[url] ?? [];
  response.writeHead(body ? 200 : 404, {
    'Content-Type': type ?? 'text/plain',
  });
  response.end(body);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));

const browser = await chromium.launch({
  executablePath:
    process.env.CHROMIUM_PATH ??
    ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync),
  args: ['--no-sandbox'],
});
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.evaluate(async () => {
  const worker = new Worker('/steps.mjs', { type: 'module' });
  globalThis.next = () =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  globalThis.worker = worker;
  await globalThis.next();
});
const inWorker = (size, seconds) =>
  page.evaluate(
    (question) => {
      globalThis.worker.postMessage(question);
      return globalThis.next();
    },
    [size, seconds],
  );

const { default: create } = await import(
  pathToFileURL(join(wasm, 'unnoise.mjs')).href
);
const inNode = openSteps(
  await create({ wasmBinary: FILES['/unnoise.wasm'][1] }),
);

const found = SIZES.map((size) => ({ ...size, node: [], worker: [] }));
for (const size of SIZES.keys()) {
  inNode(size, WARM_SECONDS);
  await inWorker(size, WARM_SECONDS);
}
for (let round = 0; round < rounds; ++round) {
  for (const [size, { node, worker }] of found.entries()) {
    // Each goes first as often as the other.
    if (round % 2 === 0) node.push(inNode(size, SECONDS));
    worker.push(await inWorker(size, SECONDS));
    if (round % 2 === 1) node.push(inNode(size, SECONDS));
  }
}
const engines = {
  node: `node ${process.versions.node} (V8 ${process.versions.v8})`,
  browser: `Chromium ${browser.version()}`,
};
await browser.close();
server.close();

const spread = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    min: sorted[0],
    median: sorted[sorted.length >> 1],
    max: sorted.at(-1),
  };
};
const report = found.map(({ width, batch, node, worker }) => ({
  width,
  batch,
  node_steps_per_second: spread(node),
  worker_steps_per_second: spread(worker),
  // Of pairs, so that a neighbour on the machine disturbs both.
  worker_of_node: spread(worker.map((rate, i) => rate / node[i])),
}));
if (asJson) console.log(JSON.stringify({ ...engines, steps: report }));
else {
  console.log(`${engines.browser}, in a worker, against ${engines.node}`);
  for (const { width, batch, worker_of_node: ratio, ...rates } of report) {
    const [node, worker] = Object.values(rates).map(({ median }) =>
      median.toFixed(0).padStart(6),
    );
    const [least, middle, most] = Object.values(ratio).map((part) =>
      (100 * part).toFixed(1),
    );
    console.log(
      `  3 x ${String(width).padStart(4)} wide, batch ${String(batch).padStart(4)}: worker ${worker} steps/s, node ${node}, worker of node ${middle} % (${least} to ${most})`,
    );
  }
}
