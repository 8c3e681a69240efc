// The share link: there and back, and what is said of a cut or edited one.

import { describe, expect, it } from 'vitest';
import { DEFAULT_FLAGS } from '../../web/src/store/flags';
import {
  decodeLink,
  DEFAULT_VIEW,
  encodeLink,
  type Link,
} from '../../web/src/store/link';

const link: Link = {
  words: ['data=two_moons', 'network.width=64', 'seed=7'],
  steps: 200,
  view: DEFAULT_VIEW,
  points: null,
  flags: DEFAULT_FLAGS,
};
const points = Uint8Array.from({ length: 600 }, (_, i) => (i * i) % 251);

function read(hash: string) {
  const { problems, ...rest } = decodeLink(hash);
  return { rest, places: problems.map(({ path }) => path) };
}

describe('a link', () => {
  it('is readable', () => {
    expect(encodeLink(link)).toMatch(
      /^v=1&sum=[0-9a-f]{8}&data=two_moons&network.width=64&seed=7&steps=200$/,
    );
  });

  it.each<[string, Partial<Link>]>([
    ['words', {}],
    ['nothing', { words: [], steps: null }],
    ['points', { points }],
    [
      'awkward text',
      { words: ['data.file=a&b=c #1 é%.csv', 'data.means=[[1,2],[3,4]]'] },
    ],
    ['a view', { view: { layers: ['samples'], direction: 'noise' } }],
    [
      'flags',
      {
        flags: {
          hide: ['timeline', 'share'],
          lock: ['data', 'network.width'],
          theme: 'dark',
          form: 'embed',
          autoplay: false,
        },
      },
    ],
    ['no layers', { view: { layers: [], direction: 'denoise' } }],
  ])('with %s comes back as it was', (_, patch) => {
    const whole = { ...link, ...patch };
    expect(read('#' + encodeLink(whole))).toEqual({ rest: whole, places: [] });
  });

  it('may be written by hand', () => {
    const { rest, places } = read('#data=rings&seed=3');
    expect(rest.words).toEqual(['data=rings', 'seed=3']);
    expect(places).toEqual([]);
  });

  it('may be empty', () => {
    expect(read('').rest.words).toEqual([]);
    expect(read('#').places).toEqual([]);
  });
});

describe('a damaged link', () => {
  const text = encodeLink({ ...link, points });

  it('is noticed wherever it is cut', () => {
    for (let end = 'v=1&sum=00000000'.length; end < text.length; ++end) {
      const { problems } = decodeLink(text.slice(0, end));
      expect(problems, text.slice(0, end)).not.toEqual([]);
    }
  });

  it('keeps what can be read, and names the place', () => {
    const { rest, places } = read(text.slice(0, -40));
    expect(rest.words).toEqual(link.words);
    expect(rest.steps).toBe(200);
    expect(rest.points).toBeNull();
    expect(places).toContain('points');
  });

  it.each([
    ['an edited value', encodeLink(link).replace('=64', '=65'), 'steps'],
    ['a later version', 'v=2&seed=1', 'v'],
    ['a cut escape', 'data.file=a%2', 'data.file=a%2'],
    ['a part without a value', 'seed=1&netw', 'netw'],
    ['a part without a key', 'seed=1&=4', '=4'],
    ['a key twice', 'seed=1&seed=2', 'seed'],
    ['steps in words', 'steps=many', 'steps'],
    ['too many steps', 'steps=99999999999', 'steps'],
    ['an unknown layer', 'view.layers=data,sky', 'view.layers'],
    ['an unknown direction', 'view.direction=up', 'view.direction'],
    ['points that are no base64', 'points=%25%25', 'points'],
    ['points that are no zlib', 'points=AAAA', 'points'],
  ])('with %s has a problem there', (_, hash, place) => {
    expect(read(hash).places).toContain(place);
  });
});

describe('a hostile link', () => {
  it('does not unpack more than points can take', () => {
    const bomb = encodeLink({ ...link, points: new Uint8Array(5_000_000) });
    const { rest, places } = read(bomb);
    expect(rest.points).toBeNull();
    expect(places).toEqual(['points']);
  });

  it('is never an error, whatever was done to it', () => {
    // A fixed sequence of damages: replaced, lost, doubled and swapped pieces.
    let state = 1;
    const draw = (bound: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    const pieces = ['=', '&', '%', '%E0%A4', '#', '\0', '"', 'points=', 'é'];
    const whole = encodeLink({ ...link, points });
    let largest = 0;
    for (let i = 0; i < 1000; ++i) {
      let text = whole;
      for (let damages = 1 + draw(4); damages > 0; --damages) {
        const at = draw(text.length);
        const end = at + draw(12);
        const into = [
          pieces[draw(pieces.length)]!,
          '',
          text.slice(at, end).repeat(2),
          String.fromCharCode(draw(0x3000)),
        ][draw(4)]!;
        text = text.slice(0, at) + into + text.slice(end);
      }
      largest = Math.max(largest, decodeLink(text).points?.length ?? 0);
    }
    expect(largest).toBeLessThanOrEqual(1 << 18);
  });
});
