// Runs as files: opened, saved, refused; and what is dropped beside them.

import { beforeEach, describe, expect, it } from 'vitest';
import { filesOf } from '../../web/src/store/dropped';
import { makeDouble, openSessions } from './double';
import { Page } from './page';

/** A run file of the double. */
const run = (step: number, words: string[], name = 'run.safetensors') =>
  new File([JSON.stringify({ step, words })], name);

describe('a run', () => {
  let page: Page;
  let sessions: number;
  beforeEach(async () => {
    page = await new Page('#data=rings&seed=7&steps=300').start();
    await page.lab.training.pause();
    sessions = openSessions();
  });
  const take = async (...files: File[]) => {
    const taking = page.lab.runs.take(files);
    await page.run(20);
    await taking;
  };
  const problems = () =>
    page.lab.state.notices.map(
      ({ id, title, problems }) =>
        `${id} ${title} ${problems.map(({ message }) => message).join()}`,
    );

  it('is opened at its step and goes on from there', async () => {
    await take(
      run(100, ['network.width=32']),
      new File(['50\n0.9\n100\n0.5\n'], 'metrics.jsonl'),
    );
    const { state } = page.lab;
    expect(state).toMatchObject({ step: 100, until: 100, running: false });
    expect(state.resolved?.overrides).toEqual(['network.width=32']);
    expect(state.history.length).toBe(2);
    expect(state.loss).toBe(0.5);
    expect(state.fingerprint?.step).toBe(100);
    expect(state.notices).toEqual([]);
    expect(state.said).toBe('Opened run.safetensors at step 100.');
    expect(page.address).toContain('network.width=32&steps=100');
    expect(openSessions()).toBe(sessions);
    page.lab.training.setUntil('150');
    page.lab.training.train();
    await page.run();
    expect(page.lab.state).toMatchObject({ step: 150, running: false });
  });

  it('brings the experiment and the points beside its model', async () => {
    // The double keeps points as it packs them.
    const packed = makeDouble().packPoints(
      Float32Array.of(0, 1, 1, 0),
      new Uint8Array(),
      2,
    );
    const block = 'block' in packed ? packed.block : new Uint8Array();
    await take(
      new File([block as BlobPart], 'data.npy'),
      run(5, [], 'model.safetensors'),
      new File(['["data=points"]'], 'experiment.json'),
    );
    expect(page.lab.state).toMatchObject({ step: 5, notices: [] });
    expect(page.lab.state.points).toMatchObject({ name: 'own.csv', count: 2 });
    expect(page.lab.state.resolved?.overrides).toContain('data=points');
  });

  it('is saved as a file that opens again', async () => {
    await take(run(100, ['network.width=32']));
    await page.lab.runs.save();
    const [name, bytes] = page.saved[0]!;
    expect(name).toBe('two_moons-100.safetensors');
    await page.lab.experiment.reset();
    await take(new File([bytes as BlobPart], name));
    expect(page.lab.state).toMatchObject({ step: 100 });
    expect(page.lab.state.resolved?.overrides).toEqual(['network.width=32']);
  });

  it.each([
    [
      'no run',
      [new File(['hello'], 'a.safetensors')],
      'a.safetensors',
      'is no run',
    ],
    [
      'no model',
      [new File(['{}'], 'experiment.json')],
      'experiment.json',
      'needs its model',
    ],
    [
      'two models',
      [run(1, []), run(2, [], 'b.safetensors')],
      'run.safetensors',
      'several models',
    ],
  ])('is refused: %s', async (_, files, name, message) => {
    const before = page.lab.state;
    await take(...files);
    expect(problems()).toEqual([
      expect.stringMatching(`^run ${name}.*${message}`),
    ]);
    expect(page.lab.state.resolved).toBe(before.resolved);
    expect(openSessions()).toBe(sessions);
    // The next one that is good takes the notice away.
    await take(run(3, []));
    expect(problems()).toEqual([]);
  });

  it('that is too large or gone is refused before it is read', async () => {
    const large = run(1, []);
    Object.defineProperty(large, 'size', { value: 2 ** 30 });
    await take(large);
    expect(problems()).toEqual([expect.stringContaining('larger than 512 MB')]);
    const gone = run(1, []);
    gone.arrayBuffer = () => Promise.reject(new Error('gone'));
    await take(gone);
    expect(problems()).toEqual([expect.stringContaining('cannot be read')]);
  });

  it('is none where files are points', async () => {
    await take(new File(['0,1\n1,0\n'], 'mine.csv'));
    expect(page.lab.state.points?.name).toBe('mine.csv');
    await take();
  });
});

describe('a drop', () => {
  const entry = (file: File | null, inside: File[] = []) => ({
    isFile: file !== null,
    isDirectory: file === null,
    file: (done: (file: File | null) => void) => {
      done(file);
    },
    createReader: () => {
      let given = false;
      return {
        readEntries: (done: (entries: unknown[]) => void) => {
          done(
            given ? [] : [entry(null), ...inside.map((file) => entry(file))],
          );
          given = true;
        },
      };
    },
  });
  const dropped = (files: File[], entries: unknown[]) =>
    filesOf({
      files,
      items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
    } as unknown as DataTransfer);
  const [a, b, folder] = ['a', 'b', 'folder'].map((name) => new File([], name));

  it('is its files, and those in its folders', async () => {
    expect(await dropped([a!, b!], [entry(a!), entry(b!)])).toEqual([a, b]);
    expect(
      await dropped([a!, folder!], [entry(a!), entry(null, [b!])]),
    ).toEqual([a, b]);
  });
});
