// Flags of a link: how the page is set up for those who open it, chiefly by a
// teacher for an embed. They are no part of the experiment, and hide or lock
// things for the sake of clarity, not of secrecy: whoever edits the link has
// all of it.
//
//   hide=share,experiment  lock=data,network.width  theme=dark  autoplay=off

import type { FieldSchema, Problem } from '../engine/core';
import { t } from '../strings';

/** What can be hidden. */
export const PARTS = [
  'header',
  'timeline',
  'layers',
  'training',
  'loss',
  'data',
  'experiment',
  'share',
  'help',
  'open',
] as const;
export type Part = (typeof PARTS)[number];

/** What can be locked besides single fields of the experiment. */
export const LOCKS = [
  'timeline',
  'layers',
  'training',
  'steps',
  'data',
  'experiment',
] as const;

/** Fields of the experiment that stand in panels of their own. */
export const SHOWN_ELSEWHERE = ['seed', 'data'];

const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** page: the whole screen; embed: without head and foot, as high as need be. */
const FORMS = ['page', 'embed'] as const;
export type Form = (typeof FORMS)[number];
const NOT_IN_EMBEDS: readonly Part[] = ['header', 'help'];

export interface Flags {
  hide: Part[];
  /** Names of LOCKS and paths of fields, which lock what is below them too. */
  lock: string[];
  theme: Theme;
  /** null: what the document is made as. */
  form: Form | null;
  /** Whether training starts by itself. */
  autoplay: boolean;
}

export const DEFAULT_FLAGS: Flags = {
  hide: [],
  lock: [],
  theme: 'auto',
  form: null,
  autoplay: true,
};

/** The flags that differ from their defaults, as a link has them. */
export function flagPairs(flags: Flags): [key: string, value: string][] {
  const pairs: [string, string][] = [];
  if (flags.form !== null) pairs.push(['form', flags.form]);
  const hide = PARTS.filter((part) => flags.hide.includes(part));
  if (hide.length > 0) pairs.push(['hide', hide.join(',')]);
  if (flags.lock.length > 0) pairs.push(['lock', flags.lock.join(',')]);
  if (flags.theme !== 'auto') pairs.push(['theme', flags.theme]);
  if (!flags.autoplay) pairs.push(['autoplay', 'off']);
  return pairs;
}

export function isFlag(key: string): boolean {
  return key in DEFAULT_FLAGS;
}

/** Takes one flag over, as far as its value is known. */
export function readFlag(
  key: string,
  value: string,
  flags: Flags,
  complain: (path: string, message: string) => void,
): void {
  const refuse = (value: string, all: readonly string[]): void => {
    complain(key, t('link.option', { value, all: all.join(', ') }));
  };
  const one = <T extends string>(all: readonly T[], otherwise: T): T => {
    const found = all.find((name) => name === value);
    if (found === undefined) refuse(value, all);
    return found ?? otherwise;
  };
  const names = [...new Set(value.split(',').filter((name) => name !== ''))];
  switch (key) {
    case 'hide':
      flags.hide = PARTS.filter((part) => names.includes(part));
      for (const name of names) {
        if (!PARTS.includes(name as Part)) refuse(name, PARTS);
      }
      break;
    case 'lock':
      flags.lock = names; // Which fields there are, only the core knows.
      break;
    case 'theme':
      flags.theme = one(THEMES, 'auto');
      break;
    case 'form':
      flags.form = one(FORMS, 'page');
      break;
    case 'autoplay':
      flags.autoplay = one(['on', 'off'], 'on') === 'on';
      break;
  }
}

/** What is to be locked and is neither a part nor a field. */
export function unknownLocks(
  { lock }: Flags,
  experiment: FieldSchema[],
): Problem[] {
  const paths = new Set<string>(LOCKS);
  const collect = ({ path, fields = [], kinds = [] }: FieldSchema): void => {
    paths.add(path);
    fields.forEach(collect);
    kinds.forEach((kind) => {
      kind.fields.forEach(collect);
    });
  };
  experiment.forEach(collect);
  return lock
    .filter((name) => !paths.has(name))
    .map((value) => ({
      path: 'lock',
      message: t('link.lock', { value, all: LOCKS.join(', ') }),
    }));
}

export function isHidden(flags: Flags, form: Form, part: Part): boolean {
  const bare = form === 'embed' && NOT_IN_EMBEDS.includes(part);
  return bare || flags.hide.includes(part);
}

/** Whether a part, or the field of a path, is shown but not to be changed. */
export function isLocked({ lock }: Flags, path: string): boolean {
  return lock.some((name) => path === name || path.startsWith(`${name}.`));
}

export function isFieldLocked(flags: Flags, path: string): boolean {
  const [top = ''] = path.split('.');
  return (
    isLocked(flags, path) ||
    (isLocked(flags, 'experiment') && !SHOWN_ELSEWHERE.includes(top))
  );
}
