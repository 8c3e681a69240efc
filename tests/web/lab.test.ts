// The lab: a page without elements in front of a Host on the double.

import { beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, performKey } from '../../web/src/actions';
import { FIRST_STEPS } from '../../web/src/store/training';
import { fieldAt } from './double';
import { Page } from './page';

describe('a lab', () => {
  let page: Page;
  beforeEach(async () => {
    page = await new Page('#data=rings&seed=7&steps=300').start();
  });

  it('opens a link, trains to its step and shows the fingerprint', async () => {
    await page.run();
    const { state } = page.lab;
    expect(state).toMatchObject({ step: 300, running: false, until: 300 });
    expect(state.resolved?.values['seed']).toBe(7);
    expect(state.fingerprint).toEqual({
      step: 300,
      value: (300).toString(16).padStart(16, '0'),
    });
    expect(state.history.loss(state.history.length - 1)).toBeLessThan(
      state.history.loss(0),
    );
    expect(page.address).toMatch(
      /^#v=1&sum=\w{8}&data=rings&seed=7&steps=300$/,
    );
    expect(page.lab.sharing.commands[0]).toBe(
      'unnoise train data=rings --seed 7 --steps 300 --out runs/rings',
    );
  });

  it('plays what it has learned once trained, then can be scrubbed', async () => {
    await page.run(60);
    expect(page.lab.state).toMatchObject({ mode: 'replay', playing: true });
    await page.run(400);
    expect(page.lab.state).toMatchObject({ playing: false, position: 0 });
    await page.lab.replay.seek(12);
    expect(page.lab.state).toMatchObject({ mode: 'replay', position: 12 });
    await page.lab.replay.nudge(-1);
    expect(page.lab.state.position).toBe(11);
    await page.lab.replay.setDirection('noise');
    await page.run(5);
    await page.lab.replay.play();
    await page.run(400);
    expect(page.lab.state.position).toBe(50);
  });

  it.each([
    ['ddim', 'sampler.steps=16'],
    ['ula', 'sampler.steps=200'],
  ])('draws live samples by %s with %s', async (kind, steps) => {
    const asked: string[] = [];
    const answer = page.host.answer.bind(page.host);
    page.host.answer = (call, question) => {
      const draw = call === 'live' && 'draw' in question && question.draw;
      if (draw) asked.push(...draw.words);
      return answer(call, question);
    };
    await page.lab.openLink(`#sampler=${kind}`);
    await page.run(60);
    expect(asked.filter((word) => word.startsWith('sampler.steps'))).toContain(
      steps,
    );
  });

  it('plays nothing of a run that is no more', async () => {
    await page.run(60);
    await page.lab.replay.leave();
    // A person presses Play just when the engine is asked for another run.
    let play: Promise<void> | undefined;
    const answer = page.host.answer.bind(page.host);
    page.host.answer = (call, question) => {
      if (call === 'open') play = page.lab.replay.play();
      return answer(call, question);
    };
    await page.lab.experiment.reset();
    await play;
    await page.run(10);
    expect(play).toBeDefined();
    expect(page.lab.state).toMatchObject({ mode: 'live', playing: false });
  });

  it('waits for a person where motion is unwanted', async () => {
    const calm = await new Page('', true).start();
    await calm.run(30);
    expect(calm.lab.state).toMatchObject({
      step: 0,
      running: false,
      until: FIRST_STEPS,
    });
    expect(calm.lab.state.live?.step).toBe(0);
    calm.lab.training.train();
    await calm.run();
    expect(calm.lab.state).toMatchObject({ step: FIRST_STEPS, mode: 'live' });
  });

  it('takes single steps, pauses, trains on and resets', async () => {
    await page.lab.training.pause();
    await page.lab.experiment.reset();
    expect(page.lab.state).toMatchObject({ step: 0, running: false });
    page.lab.training.stepOnce();
    await page.run(10);
    expect(page.lab.state).toMatchObject({ step: 1, until: 300 });
    page.lab.training.setUntil('40');
    page.lab.training.train();
    await page.run();
    expect(page.lab.state.step).toBe(40);
    page.lab.training.setUntil('0');
    expect(page.lab.state.until).toBe(40);
  });

  it('records the truth once it is to be seen, and only once', async () => {
    await page.run(60);
    expect(page.lab.state.recordings.truth).toBeUndefined();
    page.lab.toggleLayer('truth');
    await page.run(60);
    const { truth, denoise } = page.lab.state.recordings;
    expect(truth).toMatchObject({ direction: 'denoise', done: true });
    expect(truth?.grid).toEqual(denoise?.grid);
    expect(truth?.frames[0]).not.toEqual(denoise?.frames[0]);
    page.lab.toggleLayer('truth');
    page.lab.toggleLayer('truth');
    await page.run(60);
    expect(page.lab.state.recordings.truth?.id).toBe(truth?.id);
    // Another sampler goes another way.
    await page.lab.experiment.setText(fieldAt('sampler.steps'), '20');
    await page.run(60);
    expect(page.lab.state.recordings.truth?.grid.length).toBe(21);
  });

  it('plays an exact law at once, with the command that draws it', async () => {
    page = await new Page('#family=exact&data=rings&seed=7').start();
    await page.run(30);
    const { state } = page.lab;
    expect(state).toMatchObject({ trainable: false, step: 0, running: false });
    expect(state.mode).toBe('replay');
    expect(page.lab.sharing.commands).toEqual([
      'unnoise sample exact data=rings --n 600 --seed 7 --out samples.npy',
    ]);
    const may = (name: string) =>
      ACTIONS.find((action) => action.name === name)?.enabled(state);
    const calm = await new Page('#family=exact&data=rings', true).start();
    expect(calm.lab.state.fingerprint).toEqual({
      step: 0,
      value: '0'.repeat(16),
    });
    expect([may('train'), may('step'), may('play')]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('starts again after a change, and says so', async () => {
    await page.run(60);
    await page.lab.experiment.setText(fieldAt('network.width'), '64');
    expect(page.lab.state.notices.map(({ id }) => id)).toEqual(['restarted']);
    expect(page.lab.state.step).toBe(0);
    await page.run(60);
    expect(page.lab.state).toMatchObject({ step: 300, notices: [] });
    expect(page.address).toContain('network.width=64');
  });

  it('keeps what was learned when only the sampler changes', async () => {
    await page.run(60);
    await page.lab.experiment.setText(fieldAt('sampler.steps'), '20');
    expect(page.lab.state.step).toBe(300);
    await page.lab.replay.play();
    expect(page.lab.state.recordings.denoise?.grid.length).toBe(21);
  });

  it('keeps a bad entry beside its field and the experiment as it was', async () => {
    const before = page.lab.state.resolved;
    await page.lab.experiment.setText(fieldAt('network.width'), '5000');
    expect(page.lab.state.drafts['network.width']).toEqual({
      text: '5000',
      problems: [{ path: 'network.width', message: 'must be from 1 to 1024' }],
    });
    await page.lab.experiment.setText(fieldAt('network.width'), 'wide');
    expect(page.lab.state.drafts['network.width']?.text).toBe('wide');
    expect(page.lab.state.resolved).toBe(before);
    await page.lab.experiment.setText(fieldAt('network.width'), '128');
    expect(page.lab.state.drafts).toEqual({});
  });

  it('tells what of a link it could not use, and leaves the address', async () => {
    const address =
      '#data=rings&network.widht=3&seed=99999999999999999999&steps=1e9';
    const odd = await new Page(address).start();
    const [notice] = odd.lab.state.notices;
    const places = notice?.problems.map(({ path }) => path);
    expect(places).toEqual([
      'steps',
      'network.widht=3',
      'seed=99999999999999999999',
    ]);
    expect(odd.lab.state.resolved?.overrides).toEqual(['data=rings']);
    expect(odd.address).toBe(address);
  });

  it('says of weights that a link cannot hold them', async () => {
    const address = '#data=rings&weights=b91b79cea8d9e486&steps=100';
    const other = await new Page(address).start();
    const [notice] = other.lab.state.notices;
    expect(notice?.problems).toHaveLength(1);
    expect(notice?.problems[0]).toMatchObject({ path: 'weights' });
    expect(notice?.problems[0]?.message).toContain('b91b79cea8d9e486');
    expect(other.lab.state.resolved?.overrides).toEqual(['data=rings']);
    expect(other.address).toBe(address);
  });

  it('reads a CSV, shares its points in the link, and reads them back', async () => {
    const csv = new File(['0,1\n1,0\n1,1\n'], 'mine.csv');
    await page.lab.points.loadFile(csv);
    expect(page.lab.state.points).toMatchObject({ name: 'mine.csv', count: 3 });
    expect(page.lab.sharing.commands[0]).toContain('data=mine.csv');
    const other = await new Page(
      page.lab.sharing.linkUrl.replace(/^[^#]*/, ''),
    ).start();
    expect(other.lab.state.notices).toEqual([]);
    expect(other.lab.state.points).toEqual({
      ...page.lab.state.points,
      digest: '',
      onDisk: false,
    });
    expect(other.lab.state.data).toEqual(page.lab.state.data);
  });

  it('keeps what is shown when a CSV is bad', async () => {
    const before = page.lab.state.resolved;
    await page.lab.points.loadFile(new File(['1,2\nthree,4\n'], 'bad.csv'));
    expect(page.lab.state.notices[0]).toMatchObject({
      id: 'csv',
      problems: [{ path: 'bad.csv:2', message: 'needs two numbers' }],
    });
    expect(page.lab.state.resolved).toBe(before);
  });

  it('takes a drawing with its labels, and shares it', async () => {
    const values = Float32Array.of(0, 1, 1, 0, 1, 1);
    const labels = Uint8Array.of(0, 3, 3);
    expect(await page.lab.points.draw(values, labels, 2)).toEqual([]);
    const { state } = page.lab;
    expect(state.points).toMatchObject({ name: 'drawing.csv', values, labels });
    expect([state.data, state.labels]).toEqual([values, labels]);
    expect(page.lab.sharing.commands[0]).toContain('data=drawing.csv');
    expect(page.lab.sharing.fileToSave).toBe('drawing.csv');
    page.lab.downloads.savePoints();
    expect(page.saved).toEqual([
      ['drawing.csv', 'x0,x1,label\n0,1,0\n1,0,3\n1,1,3\n'],
    ]);
    const link = page.lab.sharing.linkUrl.replace(/^[^#]*/, '');
    const other = await new Page(link).start();
    expect(other.lab.state).toMatchObject({ notices: [], labels });
  });

  it('keeps what is shown when a drawing is refused', async () => {
    const before = page.lab.state;
    const none = new Uint8Array();
    const problems = await page.lab.points.draw(new Float32Array(3), none, 2);
    expect(problems.length).toBe(1);
    expect(page.lab.state).toMatchObject({
      resolved: before.resolved,
      points: null,
    });
  });

  it('names the CSV where points came by link from another format', async () => {
    await page.lab.points.loadFile(new File(['0,1\n1,0\n'], 'mine.npy'));
    expect(page.lab.sharing.commands[0]).toContain('data=mine.npy');
    expect(page.lab.sharing.fileToSave).toBeNull();
    const link = page.lab.sharing.linkUrl.replace(/^[^#]*/, '');
    const other = await new Page(link).start();
    expect(other.lab.sharing.commands[0]).toContain('data=mine.csv');
    expect(other.lab.sharing.fileToSave).toBe('mine.csv');
  });

  it('refuses a file by its size before it reads any of it', async () => {
    const arrayBuffer = () => Promise.reject(new Error('read'));
    const huge = { name: 'huge.npy', size: 2 ** 30, arrayBuffer };
    await page.lab.points.loadFile(huge as unknown as File);
    const [notice] = page.lab.state.notices;
    expect(notice?.problems[0]?.message).toContain('1,024 MB');
    expect(notice?.problems[0]?.message).toContain('up to 64 MB');
  });

  it('says so when the browser cannot read a file', async () => {
    const arrayBuffer = () => Promise.reject(new Error('a folder'));
    const folder = { name: 'folder', size: 0, arrayBuffer };
    await page.lab.points.loadFile(folder as unknown as File);
    expect(page.lab.state.notices[0]?.problems[0]).toMatchObject({
      path: 'folder',
      message: expect.stringContaining('may be a folder') as string,
    });
    expect(page.lab.state.reading).toBeNull();
  });

  it('asks for the file that a link could not hold, and then opens it', async () => {
    const words = `data=points&data.file=mine.csv&data.digest=${'d'.repeat(16)}`;
    const other = await new Page(`#${words}&network.width=32`).start();
    expect(other.lab.state.notices.map(({ id }) => id)).toEqual(['file']);
    expect(other.lab.state.resolved?.overrides).toEqual(['network.width=32']);
    await other.lab.points.loadFile(new File(['0,1\n1,0\n'], 'mine.csv'));
    expect(other.lab.state.notices.map(({ id }) => id)).toEqual(['restarted']);
    expect(other.lab.state.resolved?.overrides).toContain('network.width=32');
    expect(other.lab.state.resolved?.overrides).toContain('data=points');
  });

  it('saves the samples of the model as it is', async () => {
    await page.run(60);
    const saving = page.lab.downloads.saveSamples('csv');
    await page.run(60);
    await saving;
    const [name, content] = page.saved[0] ?? [];
    expect(name).toBe('samples-step-300.csv');
    expect(String(content).trim().split('\n').length).toBe(601);
  });

  it('acts on keys, each of its own', async () => {
    expect(new Set(ACTIONS.map(({ key }) => key)).size).toBe(ACTIONS.length);
    const press = (key: string) =>
      performKey({ key } as KeyboardEvent, page.lab);
    await page.lab.training.pause();
    await page.run(3);
    expect(press('2')).toBe(true);
    expect(page.lab.state.view.layers).toEqual(['data', 'trails']);
    expect(press('z')).toBe(false);
    expect(press('c')).toBe(true);
    await page.run(2);
    expect(page.copied).toMatch(/^https:\/\/example\.org\/lab\/#v=1/);
  });
});

describe('a lab with flags', () => {
  it('has them before it starts, and keeps them in its address', async () => {
    const page = new Page('#hide=share&lock=data,sky&theme=dark&seed=7');
    expect(page.lab.state.flags).toMatchObject({
      hide: ['share'],
      theme: 'dark',
    });
    await page.start();
    const [notice] = page.lab.state.notices;
    expect(notice?.problems.map(({ path }) => path)).toEqual(['lock']);
    expect(page.lab.sharing.linkUrl).toContain(
      '&hide=share&lock=data,sky&theme=dark&data=',
    );
    expect(page.lab.sharing.openUrl).not.toMatch(/hide|lock|theme|form/);
  });

  it('waits for a person where it is told to', async () => {
    const page = await new Page('#autoplay=off&steps=40').start();
    await page.run(30);
    expect(page.lab.state).toMatchObject({ step: 0, running: false });
    page.lab.training.train();
    await page.run();
    expect(page.lab.state.step).toBe(40);
  });

  it('shows itself in a frame from the site or from a file', async () => {
    const flags = { ...new Page().lab.state.flags, hide: ['loss' as const] };
    const page = await new Page().start();
    expect(page.lab.sharing.embedUrl(flags)).toMatch(
      /^https:\/\/example\.org\/lab\/embed\.html#v=1&sum=\w{8}&hide=loss&data=/,
    );
    page.carried = { module: '', wasm: new Uint8Array() };
    page.page = 'file:///home/me/course/unnoise.html';
    expect(page.lab.sharing.embedUrl(flags)).toMatch(
      /^unnoise\.html#v=1&sum=\w{8}&form=embed&hide=loss&data=/,
    );
    page.form = 'embed';
    expect(page.lab.sharing.embedUrl(flags)).not.toContain('form=');
    expect(page.lab.sharing.openUrl).toContain('&form=page&');
    expect(page.lab.sharing.singleFile).toBeNull();
  });
});

describe('a lab that cannot start', () => {
  it('says why', async () => {
    const page = new Page();
    page.host.answer = () => ({
      problems: [{ path: 'engine', message: 'cannot load' }],
    });
    await page.lab.start(null);
    expect(page.lab.state).toMatchObject({
      phase: 'failed',
      lacks: 'load',
      failure: 'engine: cannot load',
    });
    const old = new Page();
    await old.lab.start('simd');
    expect(old.lab.state).toMatchObject({ phase: 'failed', lacks: 'simd' });
  });
});
