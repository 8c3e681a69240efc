// The scenes of the plot from back to front: the one list. A layer turns on
// and off every scene of its name.

import { arrows } from './arrows';
import { grid } from './grid';
import { heat } from './heat';
import { dataHistogram, sampleHistogram } from './histogram';
import { data, samples } from './points';
import { probe } from './probe';
import type { Scene } from './scene';
import { trails } from './trails';
import { truth } from './truth';

/** Redrawn with every new field: one under all, one under what moves. */
export const UNDERGROUND: Scene[] = [heat];
export const MIDDLE: Scene[] = [arrows];
/** Redrawn when the experiment or the size changes. */
export const BACKGROUND: Scene[] = [grid, dataHistogram, data];
/** Redrawn on every frame. */
export const FOREGROUND: Scene[] = [
  trails,
  sampleHistogram,
  truth,
  samples,
  probe,
];
