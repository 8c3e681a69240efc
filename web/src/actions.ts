// What a person can do, registered once: buttons, keys and the help come from
// this list.

import type { Lab } from './store/lab';
import { isLocked } from './store/flags';
import { LAYERS } from './store/link';
import type { LabState } from './store/state';
import type { Key } from './strings';

export interface Action {
  name: string;
  label: (state: LabState) => Key;
  /** A single key, as KeyboardEvent.key gives it. */
  key: string;
  /** The part of the page that it belongs to: locked with it. */
  part: 'training' | 'timeline' | 'layers' | 'share';
  enabled: (state: LabState) => boolean;
  perform: (lab: Lab) => unknown;
}

const ready = ({ phase }: LabState): boolean => phase === 'ready';

export const ACTIONS: Action[] = [
  {
    name: 'train',
    label: ({ running, step }) =>
      running ? 'action.pause' : step > 0 ? 'action.resume' : 'action.train',
    key: 't',
    part: 'training',
    enabled: (state) => ready(state) && state.trainable && !state.diverged,
    perform: (lab) => {
      if (lab.state.running) void lab.training.pause();
      else lab.training.train();
    },
  },
  {
    name: 'step',
    label: () => 'action.step',
    key: 's',
    part: 'training',
    enabled: (state) =>
      ready(state) && state.trainable && !state.running && !state.diverged,
    perform: (lab) => {
      lab.training.stepOnce();
    },
  },
  {
    name: 'reset',
    label: () => 'action.reset',
    key: 'r',
    part: 'training',
    enabled: (state) => ready(state) && state.step > 0,
    perform: (lab) => lab.experiment.reset(),
  },
  {
    name: 'play',
    label: ({ playing }) => (playing ? 'time.pause' : 'time.play'),
    key: 'p',
    part: 'timeline',
    enabled: ready,
    perform: (lab) => {
      if (lab.state.playing) lab.replay.stop();
      else void lab.replay.play();
    },
  },
  {
    name: 'back',
    label: () => 'action.back',
    key: 'ArrowLeft',
    part: 'timeline',
    enabled: ready,
    perform: (lab) => lab.replay.nudge(-1),
  },
  {
    name: 'forward',
    label: () => 'action.forward',
    key: 'ArrowRight',
    part: 'timeline',
    enabled: ready,
    perform: (lab) => lab.replay.nudge(1),
  },
  {
    name: 'direction',
    label: () => 'time.direction',
    key: 'd',
    part: 'timeline',
    enabled: ready,
    perform: (lab) =>
      lab.replay.setDirection(
        lab.state.view.direction === 'denoise' ? 'noise' : 'denoise',
      ),
  },
  {
    name: 'loop',
    label: () => 'time.loop',
    key: 'l',
    part: 'timeline',
    enabled: ready,
    perform: (lab) => {
      lab.replay.toggleLoop();
    },
  },
  ...LAYERS.map((layer, i): Action => ({
    name: layer,
    label: () => `action.${layer}`,
    key: String(i + 1),
    part: 'layers',
    enabled: ready,
    perform: (lab) => {
      lab.toggleLayer(layer);
    },
  })),
  {
    name: 'probe',
    label: () => 'action.probe',
    key: 'x',
    part: 'layers',
    enabled: ready,
    perform: (lab) => {
      lab.field.toggleProbe();
    },
  },
  {
    name: 'share',
    label: () => 'action.share',
    key: 'c',
    part: 'share',
    enabled: ready,
    perform: (lab) => lab.sharing.copy(lab.sharing.linkUrl, 'share.link'),
  },
];

export function actionNamed(name: string): Action {
  const found = ACTIONS.find((action) => action.name === name);
  if (!found) throw new Error(`no action is named ${name}`);
  return found;
}

/** Whether an action may be performed now, here. */
export function mayPerform({ part, enabled }: Action, state: LabState) {
  return enabled(state) && !isLocked(state.flags, part);
}

/** Performs the action of a key, if there is one and it may act now. */
export function performKey(event: KeyboardEvent, lab: Lab): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const action = ACTIONS.find(({ key }) => key === event.key);
  if (!action || !mayPerform(action, lab.state)) return false;
  action.perform(lab);
  return true;
}
