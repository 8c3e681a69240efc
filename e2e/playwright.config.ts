// End-to-end tests of the built page in dist/, in the system's Chromium: the
// tests never download a browser.
import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';

// The shell is the same browser without windows, at less than half the cost.
const candidates = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const baseURL = 'http://127.0.0.1:5190';
const serve = (port: number, mode: string) => ({
  command: `node node_modules/vite/bin/vite.js preview --config web/vite.config.ts --port ${port} --strictPort --mode ${mode}`,
  cwd: '..',
  url: `http://127.0.0.1:${port}`,
});

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  workers: 2,
  fullyParallel: true,
  timeout: 60_000,
  forbidOnly: !!process.env.CI,
  reporter: 'list',
  use: {
    baseURL,
    screenshot: 'only-on-failure',
    // Nothing moves unasked but where a test is about that (lab.ts, move).
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH ?? candidates.find(existsSync),
      args: [
        '--no-sandbox', // Containers, and root, have no user namespaces.
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  // As most hosts serve the page, and isolated, where it takes threads.
  webServer: [serve(5190, 'plain'), serve(5191, 'production')],
});
