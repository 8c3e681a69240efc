// The list of faults (tests/mutations) fits the sources: each stands once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const list = JSON.parse(
  readFileSync(join(root, 'tests/mutations/list.json'), 'utf8'),
) as { file: string; find: string; put: string; why: string }[];

test('there are faults enough', () => {
  expect(list.length).toBeGreaterThanOrEqual(40);
  expect(new Set(list.map(({ file, find }) => file + find)).size).toBe(
    list.length,
  );
});

test.each(list)('$why ($file)', ({ file, find, put }) => {
  expect(put).not.toBe(find);
  const text = readFileSync(join(root, file), 'utf8');
  expect(text.split(find)).toHaveLength(2);
});
