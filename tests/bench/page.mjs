// The page's own measures, in the system's Chromium on the built page: how long
// the worker's slices are, how long a question and a click wait while training
// goes on, and how many frames a second very many points leave. Reported, never
// passed or failed: without a GPU, and on a shared machine, they are upper bounds.
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
const TRAINED = [
  ['128/512', 'data,samples,trails', ''],
  ['128/512', 'data,samples,arrows,heat', ''],
  ['256/512', 'data,samples,trails', '&network.width=256'],
];
for (const [size, layers, words] of TRAINED) {
  const page = await open(`steps=100000&view.layers=${layers}${words}`);
  await page.evaluate(() => {
    const { lab } = document.querySelector('unnoise-app');
    const seen = { slices: [], frames: [], clicks: [] };
    globalThis.seen = seen;
    lab.frames.listen(({ slices }) => {
      seen.slices.push(...slices);
      seen.frames.push(performance.now());
    });
    // Until the frame in which a click shows has been drawn.
    addEventListener(
      'pointerup',
      ({ timeStamp }) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => seen.clicks.push(performance.now() - timeStamp);
        requestAnimationFrame(() => port2.postMessage(null));
      },
      true,
    );
    lab.training.train();
  });
  await page.waitForTimeout(3000);
  // Kernels are compiled and the slices have found their size.
  const early = await page.evaluate(() => globalThis.seen.slices.splice(0));
  const { waits, steps, threads } = await page.evaluate(async () => {
    const { lab } = document.querySelector('unnoise-app');
    const waits = [];
    const from = lab.state.step;
    const began = performance.now();
    for (let i = 0; i < 100; ++i) {
      const before = performance.now();
      await lab.engine.call('unpack', { block: new Uint8Array() });
      waits.push(performance.now() - before);
      await new Promise((done) => setTimeout(done, 30 * Math.random()));
    }
    const steps =
      (1000 * (lab.state.step - from)) / (performance.now() - began);
    return { waits, steps, threads: lab.state.description.threads };
  });
  // A switch, which the page answers, and the probe, which asks the engine.
  const middle = async (locator) => {
    const { x, y, width, height } = await locator.boundingBox();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = await middle(page.locator('canvas.front'));
  const trails = await middle(page.getByText('Trails', { exact: true }));
  for (let i = 0; i < 30; ++i) {
    await page.mouse.click(...trails);
    await page.waitForTimeout(100);
    await page.mouse.click(x + 13 * (i - 15), y + 7 * (i % 2));
    await page.waitForTimeout(100);
  }
  const { slices, frames, clicks } = await page.evaluate(() => globalThis.seen);
  console.log(
    `training ${size}, ${threads} threads, layers ${layers}: ${steps.toFixed(0)} steps/s`,
  );
  report('  slices of the first 3 s', early);
  report('  slices from then on', slices);
  report('  a question is answered after', waits);
  report('  a click is drawn after', clicks);
  report(
    '  from frame to frame',
    frames.slice(1).map((at, i) => at - frames[i]),
  );
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
