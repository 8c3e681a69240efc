// How long a slice of background work may be, and how much of one kind of work
// fits into it: what a piece costs is learned from the pieces before.

/** About half a frame at 60 Hz, so that answers never wait for long. */
const SLICE_MS = 8;
/** How much the newest pieces count for what a piece is thought to cost. */
const NEWEST = 0.3;

export class Pace {
  /** Milliseconds of a piece; as long as nothing is known, all there is. */
  private pieceMs = SLICE_MS;

  constructor(private readonly clock: () => number) {}

  /** The work is of another kind now. */
  forget(): void {
    this.pieceMs = SLICE_MS;
  }

  /**
   * Works until a piece more would most likely end beyond the slice, which
   * began at `began`; one piece is the least. `work` does up to `most` pieces
   * and returns how many it did: fewer where there is nothing more to do.
   */
  slice(began: number, work: (most: number) => number): void {
    let now = began;
    let more = true;
    while (more) {
      // Half of what seems to fit, since a machine may have become slower.
      const fits = (began + SLICE_MS - now) / this.pieceMs;
      const most = Math.max(1, Math.floor(fits / 2));
      const done = work(most);
      if (done === 0) return;
      const before = now;
      now = this.clock();
      // A clock may be too coarse to see a piece.
      const taken = Math.max(1e-3, (now - before) / done);
      this.pieceMs += NEWEST * (taken - this.pieceMs);
      more = done === most && now + this.pieceMs <= began + SLICE_MS;
    }
  }
}
