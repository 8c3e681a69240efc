// Which module is taken, and that a threaded one that does not come is no loss.
import { expect, it } from 'vitest';
import type { Core } from '../../web/src/engine/core';
import { load, type Place } from '../../web/src/engine/load';

const core = {} as Core;

/** Loads in a place; returns what was started, in order. */
async function started(place: Partial<Place>): Promise<string[]> {
  const names: string[] = [];
  const start = place.start ?? (() => Promise.resolve(core));
  const found = await load(
    {
      isolated: true,
      processors: 8,
      threaded: true,
      ...place,
      start: (name) => {
        names.push(name);
        return start(name);
      },
    },
    20,
  );
  expect(found).toBe(core);
  return names;
}

it('takes threads where memory may be shared', async () => {
  expect(await started({})).toEqual(['unnoise_threads']);
});

it('needs none', async () => {
  expect(await started({ isolated: false })).toEqual(['unnoise']);
  expect(await started({ processors: 1 })).toEqual(['unnoise']);
  expect(await started({ threaded: false })).toEqual(['unnoise']);
});

it('falls back where they fail, or do not start in time', async () => {
  for (const bad of [
    () => Promise.reject(new Error('no memory')),
    () => new Promise<Core>(() => undefined),
  ]) {
    const start = (name: string) =>
      name === 'unnoise_threads' ? bad() : Promise.resolve(core);
    expect(await started({ start })).toEqual(['unnoise_threads', 'unnoise']);
  }
});

it('tells when not even the plain one comes', async () => {
  const start = () => Promise.reject(new Error('gone'));
  await expect(started({ start })).rejects.toThrow('gone');
});
