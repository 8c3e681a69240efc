// The loss so far: thinned, smoothed, and without what is no number.

import { describe, expect, it } from 'vitest';
import { History } from '../../web/src/store/history';

describe('the loss history', () => {
  it('stays small, keeps its ends and its mean', () => {
    const history = new History();
    const pairs = Float32Array.from({ length: 20_000 }, (_, i) =>
      i % 2 ? 5 : i / 2 + 1,
    );
    history.add(pairs);
    expect(history.length).toBeLessThan(2048);
    expect(history.step(history.length - 1)).toBe(10_000);
    const gap = (i: number) => history.step(i) - history.step(i - 1);
    expect(gap(history.length - 2)).toBe(gap(1)); // as coarse late as early
    expect(history.loss(100)).toBe(5);
    expect(history.smooth(10).every((mean) => Math.abs(mean - 5) < 1e-12)).toBe(
      true,
    );
  });

  it('is smoothed without bending a slope', () => {
    const history = new History();
    history.add(
      Float32Array.from({ length: 80 }, (_, i) => (i % 2 ? i : i / 2)),
    );
    const smooth = history.smooth(5);
    // Sums of small whole numbers are exact.
    smooth.forEach((mean, i) => {
      expect(mean).toBe(2 * i + 1);
    });
  });

  it('leaves out what is no number', () => {
    const history = new History();
    history.add(Float32Array.of(1, NaN, 2, 3));
    expect([history.length, history.loss(0)]).toEqual([1, 3]);
  });
});
