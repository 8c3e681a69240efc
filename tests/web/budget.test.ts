// The page's weight: everything that is served, compressed.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

const BUDGET = 250 * 1024;
const dist = join(import.meta.dirname, '../../dist');

describe.skipIf(!existsSync(join(dist, 'wasm/unnoise.wasm')))('dist/', () => {
  it('weighs at most 250 KB as gzip, page and wasm', () => {
    const files = readdirSync(dist, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const sizes = files.map((file) => gzipSync(readFileSync(file)).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(BUDGET);
  });
});
