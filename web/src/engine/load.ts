// Which of the two modules runs here: the one with threads where memory may be
// shared, the plain one everywhere else and whenever the other does not come.

import type { Core } from './core';

/** Long enough to download and start a few workers, short enough to wait. */
const START_MS = 8000;

export interface Place {
  /** Whether memory may be shared (crossOriginIsolated). */
  isolated: boolean;
  /** Processors (navigator.hardwareConcurrency). */
  processors: number;
  /** Whether the threaded module was built with this page. */
  threaded: boolean;
  /** Loads and starts a module by its name. */
  start: (name: string) => Promise<Core>;
}

export async function load(place: Place, patience = START_MS): Promise<Core> {
  const { isolated, processors, threaded, start } = place;
  if (isolated && threaded && processors > 1) {
    const core = await settled(start('unnoise_threads'), patience);
    if (core) return core;
  }
  return start('unnoise');
}

/** What it becomes, or null if it fails or takes too long. */
async function settled(
  promise: Promise<Core>,
  patience: number,
): Promise<Core | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      resolve(null);
    }, patience);
  });
  try {
    return await Promise.race([promise, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
