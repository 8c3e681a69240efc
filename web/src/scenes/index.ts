// The scenes of the plot from back to front: the one list. A layer turns on
// and off every scene of its name.

import { grid } from './grid';
import { dataHistogram, sampleHistogram } from './histogram';
import { data, samples } from './points';
import type { Scene } from './scene';
import { trails } from './trails';

/** Redrawn when the experiment or the size changes. */
export const BACKGROUND: Scene[] = [grid, dataHistogram, data];
/** Redrawn on every frame. */
export const FOREGROUND: Scene[] = [trails, sampleHistogram, samples];
