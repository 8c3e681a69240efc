// What leaves the page: commands, CSV, NPY.

import { describe, expect, it } from 'vitest';
import {
  fingerprintCommand,
  sampleCommand,
  trainCommand,
} from '../../web/src/store/command';
import { quote } from '../../web/src/store/words';
import { csvNameOf, toCsv, toNpy } from '../../web/src/store/export';

const run = {
  words: ['data=two_moons', 'network.width=64', 'seed=7'],
  seed: 7,
  steps: 200,
  file: null,
};

describe('commands', () => {
  it('reproduce a run', () => {
    expect(trainCommand(run)).toBe(
      'unnoise train data=two_moons network.width=64 --seed 7 --steps 200 --out runs/two_moons',
    );
    expect(fingerprintCommand(run)).toBe('unnoise fingerprint runs/two_moons');
    expect(sampleCommand(run, 800)).toBe(
      'unnoise sample runs/two_moons --n 800 --seed 7 --out samples.npy',
    );
  });

  it('name the file of own points, and leave its facts to the CLI', () => {
    const words = [
      'data=points',
      'data.file=my points.csv',
      'data.count=9',
      'data.digest=1f',
    ];
    expect(trainCommand({ ...run, words, file: 'my points.csv' })).toBe(
      "unnoise train 'data=my points.csv' --seed 7 --steps 200 --out runs/my_points",
    );
    expect(trainCommand({ ...run, words, file: '-v.csv' })).toContain(
      'data=./-v.csv',
    );
  });

  it('ask for the file of the weights that training started from', () => {
    const words = ['weights=b91b79cea8d9e486'];
    expect(trainCommand({ ...run, words })).toBe(
      'unnoise train weights=b91b79cea8d9e486 --weights FILE.safetensors --seed 7 --steps 200 --out runs/unnoise',
    );
  });

  it.each([
    ['a=1.5', 'a=1.5'],
    ['a=[[1, 2]]', "'a=[[1, 2]]'"],
    ["it's", `'it'\\''s'`],
    ['$HOME', "'$HOME'"],
    ['', "''"],
  ])('quote %j for the shell', (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });
});

describe('points as files', () => {
  const values = Float32Array.of(0.1, -2, 1 / 3, 1e-20, 16777216, 0);

  it('are CSV that reads back to the same bits', () => {
    const lines = toCsv(values, 2).trim().split('\n');
    expect(lines[0]).toBe('x0,x1');
    expect(lines[1]).toBe('0.1,-2');
    const back = lines.slice(1).flatMap((line) => line.split(',').map(Number));
    expect(new Float32Array(back)).toEqual(values);
  });

  it('have their labels in a last column', () => {
    expect(toCsv(Float32Array.of(0, 1, 2, 3), 2, Uint8Array.of(0, 7))).toBe(
      'x0,x1,label\n0,1,0\n2,3,7\n',
    );
    expect(csvNameOf('a.b.npz')).toBe('a.b.csv');
    expect(csvNameOf('points')).toBe('points.csv');
  });

  it('are NPY as NumPy writes it', () => {
    const bytes = toNpy(values, 2);
    const view = new DataView(bytes.buffer);
    const start = 10 + view.getUint16(8, true);
    const header = new TextDecoder().decode(bytes.subarray(10, start));
    expect(bytes.subarray(0, 8)).toEqual(
      Uint8Array.of(0x93, 78, 85, 77, 80, 89, 1, 0),
    );
    expect(header.trimEnd()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }",
    );
    expect(header.endsWith('\n')).toBe(true);
    expect(start % 64).toBe(0);
    expect(bytes.length).toBe(start + 4 * values.length);
    expect(view.getFloat32(start + 8, true)).toBe(values[2]);
  });
});
