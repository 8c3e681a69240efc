// The plot in words, for those who do not see it.

import { scaleOf } from '../scenes/field-scale';
import { classesOf } from '../scenes/marks';
import type { LabState } from '../store/state';
import { number, t } from '../strings';
import { movingFrame } from './plot-frame';

/** What is where, and how wide it spreads; `title` is the data's. */
export function plotInWords(state: LabState, title: string): string {
  const { dim, data, labels, mode, live, step } = state;
  if (data.length === 0) return t('plot.empty');
  const { samples, truth } = movingFrame(state, null);
  const parts = [
    t('words.data', {
      count: data.length / dim,
      name: title,
      where: spread(data, dim),
    }),
  ];
  const classes = classesOf(labels);
  if (classes.length > 0) {
    const names = classes
      .map((label) => {
        const count = labels.filter((x) => x === label).length;
        return t('words.label', { label: String(label), count });
      })
      .join(', ');
    parts.push(t('words.labels', { labels: names }));
  }
  if (samples) {
    parts.push(
      t(state.trainable ? 'words.samples' : 'words.truth', {
        count: samples.length / dim,
        step: mode === 'live' ? (live?.step ?? 0) : step,
        where: spread(samples, dim),
      }),
    );
  }
  if (truth && state.view.layers.includes('truth')) {
    parts.push(
      t('words.truth', {
        count: truth.length / dim,
        where: spread(truth, dim),
      }),
    );
  }
  const { field } = state;
  if (field) {
    const lengths = scaleOf(field).lengths.slice().sort();
    parts.push(
      t('words.field', {
        count: lengths.length,
        t: field.t.toFixed(3),
        step: field.step,
        middle: number(lengths[lengths.length >> 1] ?? NaN, 2),
        most: number(lengths.at(-1) ?? NaN, 2),
      }),
    );
  }
  return parts.join(' ');
}

/** "x −1.2 … 2.1, y −0.6 … 1.1": the middle nine tenths of each axis. */
function spread(values: Float32Array, dim: number): string {
  return ['x', 'y']
    .slice(0, dim)
    .map((name, axis) => {
      const along = values.filter((_, i) => i % dim === axis).sort();
      const at = (part: number): string =>
        number(along[Math.floor(part * (along.length - 1))]!, 2);
      return t('words.range', { name, low: at(0.05), high: at(0.95) });
    })
    .join(', ');
}
