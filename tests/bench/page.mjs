// The page's own measures, in the system's Chromium on the built page: how long
// the worker's slices are, how long a question waits while training goes on,
// and how many frames a second very many points leave. Reported, never passed
// or failed: without a GPU, and on a shared machine, they are upper bounds.
//
//   node tests/bench/page.mjs [--url URL]

import { chromium } from '@playwright/test';
import { existsSync } from 'node:fs';
import { preview } from 'vite';

const asked = process.argv.indexOf('--url');
const server =
  asked < 0
    ? await preview({
        configFile: 'web/vite.config.ts',
        preview: { port: 5193, strictPort: true },
      })
    : null;
const url = server ? server.resolvedUrls.local[0] : process.argv[asked + 1];

const browser = await chromium.launch({
  executablePath:
    process.env.CHROMIUM_PATH ??
    ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync),
  args: ['--no-sandbox'],
});

async function open(hash) {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  });
  await page.goto(`${url}#${hash}`);
  await page.locator('[data-action=train]:enabled').waitFor();
  return page;
}

const quantile = (values, part) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))]?.toFixed(1);
};
const report = (name, values) => {
  console.log(
    `${name}: p50 ${quantile(values, 0.5)} ms, p95 ${quantile(values, 0.95)} ms, most ${quantile(values, 1)} ms (${values.length})`,
  );
};

// Everything private is within reach at run time; a page has no test door.
for (const layers of ['data,samples,trails', 'data,samples,arrows,heat']) {
  const page = await open(`steps=100000&view.layers=${layers}`);
  const { slices, waits, steps } = await page.evaluate(async () => {
    const { lab } = document.querySelector('unnoise-app');
    const slices = [];
    const waits = [];
    const rest = (ms) => new Promise((done) => setTimeout(done, ms));
    lab.training.train();
    await rest(3000); // Kernels are compiled and the slices have found their size.
    lab.frames.listen(({ slice }) => slice > 0 && slices.push(slice));
    const from = lab.state.step;
    const began = performance.now();
    for (let i = 0; i < 150; ++i) {
      const before = performance.now();
      await lab.engine.call('unpack', { block: new Uint8Array() });
      waits.push(performance.now() - before);
      await rest(30 * Math.random());
    }
    const steps =
      (1000 * (lab.state.step - from)) / (performance.now() - began);
    return { slices, waits, steps };
  });
  console.log(
    `training 128/512, layers ${layers}: ${steps.toFixed(0)} steps/s`,
  );
  report('  longest slice between two frames', slices);
  report('  a question is answered after', waits);
  await page.close();
}

for (const count of [600, 10_000]) {
  for (const layers of ['data,samples', 'data,samples,trails']) {
    const page = await open(`steps=1&view.layers=${layers}`);
    const { gaps, script } = await page.evaluate(async (count) => {
      const { lab } = document.querySelector('unnoise-app');
      const frames = Array.from({ length: 121 }, (_, k) =>
        Float32Array.from(
          { length: 2 * count },
          (_, i) => Math.sin(i * i * 12.9898) * (1 + k / 60) + 0.01 * k,
        ),
      );
      const grid = frames.map((_, i) => ({
        t: i / 120,
        alpha: 1,
        sigma: i / 120,
      }));
      const recording = {
        id: 1,
        direction: 'denoise',
        step: 0,
        grid,
        frames,
        done: true,
      };
      lab.store.update({ mode: 'replay', recordings: { denoise: recording } });
      const gaps = [];
      const script = [];
      let before = performance.now();
      for (let k = 0; k < 150; ++k) {
        const now = await new Promise(requestAnimationFrame);
        if (k > 20) gaps.push(now - before);
        before = now;
        const start = performance.now();
        lab.store.update({ position: 119 - (k % 110) + 0.5 });
        await document.querySelector('unnoise-app').updateComplete;
        script.push(performance.now() - start);
      }
      return { gaps, script };
    }, count);
    console.log(
      `${count} points, layers ${layers}: ${(1000 / quantile(gaps, 0.5)).toFixed(0)} frames/s`,
    );
    report('  from frame to frame', gaps);
    report('  of it the page', script);
    await page.close();
  }
}

await browser.close();
await server?.close();
