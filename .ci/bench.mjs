// `npm run bench`: the benchmark natively and in WebAssembly under node, and
// where Chromium is there, its workers against node. With `-- --json` all results
// stand in one object on standard output; with `-- --page` the page is measured
// in Chromium instead.
import { join } from 'node:path';
import { Failure, build, buildPage, capture, root, run } from './lib.mjs';
import { findBrowser, installModules, installPackages } from './setup.mjs';

const programs = {
  native: [join(root, 'build/native/tests/unnoise_bench')],
  wasm: [process.execPath, join(root, 'build/wasm/tests/unnoise_bench.js')],
};
const worker = [process.execPath, join(root, 'tests/bench/worker.mjs')];

export default async function bench(args) {
  installPackages('build');
  if (args.includes('--page')) return measurePage();
  for (const preset of Object.keys(programs)) build(preset, ['unnoise_bench']);
  const browser = findBrowser();
  if (browser) {
    installModules();
    build('wasm', ['unnoise_wasm']);
    process.env.CHROMIUM_PATH = browser;
  }

  const results = {};
  const all = browser ? { ...programs, worker } : programs;
  for (const [name, [program, ...first]] of Object.entries(all)) {
    if (!args.includes('--json')) {
      console.log(`== ${name}`);
      run(program, [...first, ...args]);
      continue;
    }
    const { ok, stdout } = capture(program, [...first, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!ok) throw new Failure(`The ${name} benchmark failed.`);
    results[name] = JSON.parse(stdout);
  }
  if (args.includes('--json')) console.log(JSON.stringify(results, null, 2));
}

function measurePage() {
  installPackages('browser');
  installModules();
  build('wasm', ['unnoise_wasm']);
  buildPage();
  run(process.execPath, [join(root, 'tests/bench/page.mjs')], {
    env: { ...process.env, CHROMIUM_PATH: findBrowser() },
  });
}
