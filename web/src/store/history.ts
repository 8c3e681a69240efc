// The loss so far, thinned so that a long run stays as small as a short one:
// when it is full, neighbours are merged into their mean.

const CAPACITY = 2048;

export class History {
  private readonly steps: number[] = [];
  private readonly losses: number[] = [];
  /** How many measurements one entry holds, and the last entry's own. */
  private merged = 1;
  private open = 0;
  /** Changes whenever an entry does. */
  version = 0;

  get length(): number {
    return this.steps.length;
  }

  step(i: number): number {
    return this.steps[i]!;
  }

  loss(i: number): number {
    return this.losses[i]!;
  }

  /** Pairs of step and loss. */
  add(pairs: Float32Array): void {
    for (let i = 0; i < pairs.length; i += 2) {
      this.push(pairs[i]!, pairs[i + 1]!);
    }
    if (pairs.length > 0) ++this.version;
  }

  private push(step: number, loss: number): void {
    if (!Number.isFinite(loss)) return;
    const last = this.steps.length - 1;
    if (last >= 0 && this.open < this.merged) {
      this.steps[last] = step;
      this.losses[last]! += (loss - this.losses[last]!) / ++this.open;
    } else {
      this.steps.push(step);
      this.losses.push(loss);
      this.open = 1;
      if (this.steps.length >= CAPACITY) this.halve();
    }
  }

  private halve(): void {
    const half = CAPACITY / 2;
    for (let i = 0; i < half; ++i) {
      this.steps[i] = this.steps[2 * i + 1]!;
      this.losses[i] = (this.losses[2 * i]! + this.losses[2 * i + 1]!) / 2;
    }
    this.steps.length = half;
    this.losses.length = half;
    this.merged *= 2;
    this.open = this.merged;
  }

  /**
   * The mean over `half` entries to either side, aligned with the entries; less
   * near the ends, equally on both sides, so that a slope is kept.
   */
  smooth(half: number): Float64Array {
    const { length } = this;
    const sums = new Float64Array(length + 1);
    for (let i = 0; i < length; ++i) sums[i + 1] = sums[i]! + this.losses[i]!;
    return Float64Array.from({ length }, (_, i) => {
      const reach = Math.min(half, i, length - 1 - i);
      return (sums[i + reach + 1]! - sums[i - reach]!) / (2 * reach + 1);
    });
  }
}
