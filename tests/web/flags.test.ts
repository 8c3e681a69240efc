// The flags of a link: what they hide and lock, how they are read, and what is
// said of those that nobody knows.

import { describe, expect, it } from 'vitest';
import { ACTIONS, mayPerform } from '../../web/src/actions';
import {
  DEFAULT_FLAGS,
  isFieldLocked,
  isHidden,
  isLocked,
  LOCKS,
  PARTS,
  unknownLocks,
  type Flags,
} from '../../web/src/store/flags';
import { decodeLink, DEFAULT_VIEW, encodeLink } from '../../web/src/store/link';
import { initialState } from '../../web/src/store/state';
import { DESCRIPTION } from './double';

const withFlags = (flags: Partial<Flags>): Flags => ({
  ...DEFAULT_FLAGS,
  ...flags,
});

describe('flags in a link', () => {
  const words = ['data=two_moons', 'seed=7'];
  const link = { words, steps: 200, view: DEFAULT_VIEW, points: null };

  it('stand readable before the experiment, and only where they differ', () => {
    const flags = withFlags({ hide: ['share'], lock: ['data', 'seed'] });
    expect(encodeLink({ ...link, flags })).toMatch(
      /^v=1&sum=[0-9a-f]{8}&hide=share&lock=data,seed&data=two_moons&seed=7&steps=200$/,
    );
    expect(encodeLink({ ...link, flags: DEFAULT_FLAGS })).not.toMatch(
      /hide|lock|theme|form|autoplay/,
    );
  });

  it('may be added by hand to a copied link, wherever', () => {
    const copied = encodeLink({ ...link, flags: DEFAULT_FLAGS });
    for (const edited of [`hide=help&${copied}`, `${copied}&hide=help`]) {
      const { flags, problems } = decodeLink(edited);
      expect(flags.hide).toEqual(['help']);
      expect(problems).toEqual([]);
    }
  });

  it('are no words of the experiment', () => {
    const hash =
      'hide=loss&lock=seed&theme=light&form=page&autoplay=off&seed=7';
    expect(decodeLink(hash).words).toEqual(['seed=7']);
  });

  it('are the defaults in a link that is older than they', () => {
    const old = decodeLink(
      'v=1&sum=f319b7c1&data=two_moons&network.width=64&batch=256&seed=7&steps=200',
    );
    expect(old.problems).toEqual([]);
    expect(old.flags).toEqual(DEFAULT_FLAGS);
  });

  it.each([
    ['hide=share,sky,sea', 'hide', ['sky', 'sea']],
    ['theme=blue', 'theme', ['blue']],
    ['form=round', 'form', ['round']],
    ['autoplay=no', 'autoplay', ['no']],
    ['hide=share&hide=loss', 'hide', ['twice']],
  ])('%s has a problem there', (hash, path, named) => {
    const { problems, words, flags } = decodeLink(hash);
    expect(problems.map((problem) => problem.path)).toEqual(
      named.map(() => path),
    );
    named.forEach((name, i) => {
      expect(problems[i]?.message).toContain(name);
    });
    expect(words).toEqual([]);
    expect(flags.theme).toBe('auto');
  });

  it('take no harm from empty or repeated names', () => {
    const { flags, problems } = decodeLink('hide=,share,,share&lock=');
    expect(flags.hide).toEqual(['share']);
    expect(flags.lock).toEqual([]);
    expect(problems).toEqual([]);
  });
});

describe('what is locked', () => {
  it('is a field with all below it', () => {
    const flags = withFlags({ lock: ['network'] });
    expect(isFieldLocked(flags, 'network.width')).toBe(true);
    expect(isFieldLocked(flags, 'network')).toBe(true);
    expect(isFieldLocked(flags, 'networks')).toBe(false);
    expect(isFieldLocked(flags, 'seed')).toBe(false);
  });

  it('is every field of the experiment panel, by its name', () => {
    const flags = withFlags({ lock: ['experiment'] });
    expect(isFieldLocked(flags, 'network.width')).toBe(true);
    expect(isFieldLocked(flags, 'batch')).toBe(true);
    expect(isFieldLocked(flags, 'data.noise')).toBe(false);
    expect(isFieldLocked(flags, 'seed')).toBe(false);
  });

  it('must be known to the core or the page', () => {
    const lock = ['data', 'data.noise', 'network.width', 'steps', 'sky'];
    const problems = unknownLocks(withFlags({ lock }), DESCRIPTION.experiment);
    expect(problems.map(({ path }) => path)).toEqual(['lock']);
    expect(problems[0]?.message).toMatch(/^sky .*training/);
    const all = withFlags({ lock: [...LOCKS] });
    expect(unknownLocks(all, DESCRIPTION.experiment)).toEqual([]);
  });

  it('takes its keys with it', () => {
    const state = { ...initialState(), phase: 'ready' as const, step: 1 };
    for (const action of ACTIONS) {
      expect(mayPerform(action, state), action.name).toBe(true);
      const flags = withFlags({ lock: [action.part] });
      expect(isLocked(flags, action.part)).toBe(true);
      expect(mayPerform(action, { ...state, flags }), action.name).toBe(false);
    }
  });
});

describe('what is hidden', () => {
  it('is what the link says; head and foot are none of an embed', () => {
    const flags = withFlags({ hide: ['share'] });
    const hidden = (form: 'page' | 'embed') =>
      PARTS.filter((part) => isHidden(flags, form, part));
    expect(hidden('page')).toEqual(['share']);
    expect(hidden('embed')).toEqual(['header', 'share', 'help']);
  });
});
