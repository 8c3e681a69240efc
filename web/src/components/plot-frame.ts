// What the page's state comes to as a frame of the plot.

import type { PlotFrame } from '../scenes/scene';
import { TRAIL_LENGTH } from '../scenes/trails';
import { recordingOf, type LabState } from '../store/state';

/**
 * The frame of what moves: live samples, shown where they have glided to, or the
 * recording's particles.
 */
export function movingFrame(
  state: LabState,
  shown: Float32Array | null,
): PlotFrame {
  const { dim, data, mode, live, position, probe } = state;
  const { truth } = state.recordings;
  const frame: PlotFrame = { dim, data, samples: null, trail: [] };
  frame.probe = probe?.found ?? null;
  if (mode === 'live') {
    frame.samples = shown ?? live?.values ?? null;
    frame.truth = truth?.frames[0] ?? null;
    return frame;
  }
  const recording = recordingOf(state);
  if (!recording) return frame;
  const back = recording.direction === 'denoise' ? 1 : -1;
  // The grid point just left, and the one ahead.
  const left = back > 0 ? Math.ceil(position) : Math.floor(position);
  const ahead = back > 0 ? Math.floor(position) : Math.ceil(position);
  const from = recording.frames[left];
  const to = recording.frames[ahead] ?? from;
  if (!from || !to) return frame;
  const part = Math.abs(left - position);
  frame.samples = between(from, to, part);
  const [exact, next] = [truth?.frames[left], truth?.frames[ahead]];
  if (back > 0 && exact) frame.truth = between(exact, next ?? exact, part);
  for (let age = left === ahead ? 1 : 0; age < TRAIL_LENGTH; ++age) {
    const older = recording.frames[left + back * age];
    if (!older) break;
    frame.trail.push(older);
  }
  return frame;
}

function between(
  from: Float32Array,
  to: Float32Array,
  part: number,
): Float32Array {
  if (from === to || part === 0) return from;
  return from.map((value, i) => value + part * (to[i]! - value));
}
