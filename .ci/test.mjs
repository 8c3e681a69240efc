// `npm test`: sets up, builds everything and runs every test: GoogleTest
// natively and in WebAssembly under node, the page's unit tests and its
// end-to-end tests. A failed test does not hide those after it.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { countCtest, countPlaywright, countVitest } from './counts.mjs';
import { Failure, build, buildPage, root, run, runTool } from './lib.mjs';
import { findBrowser, installModules, installPackages } from './setup.mjs';

// A suite without a count is one test.
const suites = [
  {
    name: 'types',
    test: () => runTool('typescript/bin/tsc', ['--noEmit']),
  },
  {
    name: 'vitest',
    test: (report) =>
      runTool('vitest/vitest.mjs', [
        ...['run', '--config', 'web/vite.config.ts'],
        ...['--reporter=default', '--reporter=json'],
        `--outputFile.json=${report}`,
      ]),
    count: countVitest,
  },
  {
    name: 'native',
    test: (report) => runCtest('native', report),
    count: countCtest,
  },
  {
    name: 'wasm',
    test: (report) => runCtest('wasm', report),
    count: countCtest,
  },
  {
    name: 'playwright',
    test: (report) =>
      runTool(
        '@playwright/test/cli.js',
        ['test', '--config', 'e2e', '--reporter=list,json'],
        {
          env: {
            ...process.env,
            CHROMIUM_PATH: findBrowser(),
            PLAYWRIGHT_JSON_OUTPUT_FILE: report,
          },
        },
      ),
    count: countPlaywright,
  },
];

export default async function test() {
  installPackages('build', 'browser');
  installModules();

  console.log('== build');
  build('native');
  build('wasm');
  build('wasm-threads');
  buildPage();

  const reports = join(root, 'build/reports');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const rows = suites.map((suite) => runSuite(suite, reports));

  console.log('');
  for (const { name, passed, failed, skipped, seconds } of rows) {
    const notes = skipped > 0 ? `, ${skipped} skipped` : '';
    console.log(
      `${name.padEnd(11)} ${passed} passed, ${failed} failed${notes}, ` +
        `${seconds.toFixed(0)} s`,
    );
  }
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
  if (sum('failed') > 0) process.exitCode = 1;
}

function runSuite({ name, test, count }, reports) {
  console.log(`\n== ${name}`);
  const report = join(reports, name);
  const start = Date.now();
  let failures = 0;
  try {
    test(report);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.log(error.message);
    failures = 1; // Even if the report tells of none, or is missing.
  }
  const seconds = (Date.now() - start) / 1000;
  let counts = { passed: count ? 0 : 1 - failures, failed: 0, skipped: 0 };
  if (existsSync(report)) counts = count(readFileSync(report, 'utf8'));
  const failed = Math.max(counts.failed, failures);
  return { name, ...counts, failed, seconds };
}

function runCtest(preset, report) {
  run('ctest', ['--preset', preset, '--output-junit', report]);
}
