// `npm run bench`: the benchmark natively and in WebAssembly under node. With
// `-- --json` the two results stand in one object on standard output; with
// `-- --page` the page is measured in Chromium instead.
import { join } from 'node:path';
import { Failure, build, buildPage, capture, root, run } from './lib.mjs';
import { findBrowser, installModules, installPackages } from './setup.mjs';

const programs = {
  native: [join(root, 'build/native/tests/unnoise_bench')],
  wasm: [process.execPath, join(root, 'build/wasm/tests/unnoise_bench.js')],
};

export default async function bench(args) {
  installPackages('build');
  if (args.includes('--page')) return measurePage();
  for (const preset of Object.keys(programs)) build(preset, ['unnoise_bench']);

  const results = {};
  for (const [name, [program, ...first]] of Object.entries(programs)) {
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
