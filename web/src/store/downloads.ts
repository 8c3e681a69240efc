// Files that a person takes away: samples and their own points, in the formats
// of export.ts. Runs are in runs.ts.

import { csvNameOf, toCsv, toNpy } from './export';
import type { Recordings } from './recordings';
import type { Store } from './store';
import type { Surroundings } from './surroundings';

export class Downloads {
  constructor(
    private readonly store: Store,
    private readonly recordings: Recordings,
    private readonly around: Surroundings,
  ) {}

  /** The samples of the model as it is, recorded first if need be. */
  async saveSamples(format: 'csv' | 'npy'): Promise<void> {
    const { direction } = this.store.state.view;
    this.store.setView({ direction: 'denoise' });
    const recording = await this.recordings.current();
    this.store.setView({ direction });
    if (!recording) return;
    const values = await this.recordings.endOf(recording.id);
    if (!values) return;
    const { dim } = this.store.state;
    this.around.save(
      `samples-step-${recording.step}.${format}`,
      format === 'csv' ? toCsv(values, dim) : toNpy(values, dim),
    );
  }

  savePoints(): void {
    const { points } = this.store.state;
    if (!points) return;
    const { name, values, dim, labels } = points;
    this.around.save(csvNameOf(name), toCsv(values, dim, labels));
  }
}
