// Training in the page: it moves, the loss falls, it stops where it should,
// and ends in the bits of the command line.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, frames, LabPage, test } from './lab';

interface Golden {
  name: string;
  words: string[];
  steps: number;
  fingerprint: string;
  /** The points of data=points. */
  csv?: string;
}
const list = join(import.meta.dirname, '../tests/golden.json');
const goldens: Golden[] = existsSync(list)
  ? (JSON.parse(readFileSync(list, 'utf8')) as Golden[])
  : [];

test('moves by itself soon after opening', async ({ lab, page }) => {
  await lab.move();
  await page.addInitScript(() => {
    // The plot's tag tells of samples as soon as they are drawn.
    const look = (): void => {
      const tag = document
        .querySelector('unnoise-app')
        ?.shadowRoot?.querySelector('unnoise-plot')
        ?.shadowRoot?.querySelector('.tag');
      if (tag?.textContent.includes('step')) performance.mark('moves');
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto('./');
  await expect(lab.step).not.toHaveText('0');
  const marks = () =>
    page.evaluate(() =>
      performance.getEntriesByName('moves').map((mark) => mark.startTime),
    );
  await expect.poll(marks).toHaveLength(1);
  // A second where the machine is idle; here others take their share.
  expect((await marks())[0]).toBeLessThan(20_000);
});

test('trains to a falling loss', async ({ lab, page }) => {
  // Large enough for a fall from 0.5 to 0.4, four times what batches vary by.
  await page.goto(
    './#data=eight_gaussians&network.width=32&batch=256&rate.peak=0.005&seed=1&steps=800',
  );
  await lab.train(800);
  await page.getByText('Loss as a table').click();
  const means = await page
    .getByRole('table', { name: 'Training loss' })
    .locator('tbody td:last-child')
    .allTextContents();
  const total = (some: string[]) =>
    some.reduce((sum, text) => sum + Number(text), 0);
  expect(means.length).toBe(20);
  expect(total(means.slice(-5))).toBeLessThan(0.95 * total(means.slice(0, 5)));
});

test('pauses, takes a step, trains on and resets', async ({ lab, page }) => {
  await lab.open('steps=100000');
  await lab.button('train').click();
  await expect(lab.step).not.toHaveText('0');
  await lab.button('train').click();
  await expect(lab.button('train')).toHaveText('Train on');
  const step = Number((await lab.step.textContent())?.replace(',', ''));
  await lab.button('step').click();
  await expect(lab.step).toHaveText((step + 1).toLocaleString('en'));
  await page.getByLabel('Train until step').fill(String(step + 50));
  await page.getByLabel('Train until step').press('Enter');
  await lab.train(step + 50);
  await lab.button('reset').click();
  await expect(lab.step).toHaveText('0');
  await expect(lab.button('train')).toHaveText('Train');
});

test('gives the same bits however it is cut', async ({ lab }) => {
  await lab.open('seed=3&steps=60');
  await lab.train(60);
  const whole = await lab.bits();
  await lab.opening(() => lab.button('reset').click());
  await lab.button('step').click();
  await expect(lab.step).toHaveText('1');
  await lab.button('step').click();
  await expect(lab.step).toHaveText('2');
  await lab.train(60);
  await expect(lab.fingerprint).toHaveText(whole);
});

test('there are golden experiments', () => {
  expect(goldens.length).toBeGreaterThan(0);
});

test.describe('golden fingerprints', () => {
  test.describe.configure({ mode: 'default' }); // One page, in order.
  let lab: LabPage;
  test.beforeAll(async ({ browser, baseURL }) => {
    lab = new LabPage(await browser.newPage({ baseURL }));
    await lab.open('steps=1');
    await lab.train(1); // From now on a change trains by itself.
  });
  test.afterAll(() => lab.page.close());

  for (const { name, words, steps, fingerprint, csv } of goldens) {
    test(name, async () => {
      const pairs = words.map(encodeURIComponent).join('&');
      const hash = pairs.replaceAll('%3D', '=');
      await lab.opening(() => lab.follow(`${hash}&steps=${steps}`));
      if (csv !== undefined) {
        // A link to points that it does not hold asks for their file.
        await expect(lab.notices).toContainText('Add the file of points');
        await lab.opening(() => lab.addFile('points.csv', csv));
        await expect(
          lab.page.getByRole('radio', { name: 'points.csv' }),
        ).toBeChecked();
      }
      if (steps > 0) {
        await lab.trained(steps);
      } else {
        const nothing = lab.page.getByText('There is nothing to train');
        await expect(nothing).toBeVisible();
      }
      await expect(lab.fingerprint).toHaveText(fingerprint);
      await expect(lab.notices.locator('.problem')).toHaveCount(0);
      expect(lab.errors).toEqual([]);
    });
  }
});

test('draws again only what has changed', async ({ lab, page }) => {
  // Every drawing of a canvas begins with wiping it.
  await page.addInitScript(() => {
    const { prototype } = CanvasRenderingContext2D;
    const wipe: (this: CanvasRenderingContext2D, ...area: number[]) => void =
      Reflect.get(prototype, 'clearRect');
    prototype.clearRect = function (...area) {
      const { host } = this.canvas.getRootNode() as ShadowRoot;
      const name = [host.localName, this.canvas.className].join(' ').trim();
      performance.mark(`draws ${name}`);
      wipe.apply(this, area);
    };
  });
  await lab.open('steps=5000');
  await page.evaluate(() => {
    const { lab } = document.querySelector('unnoise-app')!;
    let { live, step } = lab.state;
    lab.store.subscribe(() => {
      if (lab.state.live !== live) performance.mark('samples');
      if (lab.state.step !== step) performance.mark('steps');
      ({ live, step } = lab.state);
    });
    performance.clearMarks();
  });
  await lab.train(5000);
  const [steps, samples, front, back, timeline, loss] = await page.evaluate(
    () =>
      [
        ...['steps', 'samples', 'draws unnoise-plot front'],
        'draws unnoise-plot back',
        ...['draws unnoise-timeline', 'draws unnoise-loss'],
      ].map((name) => performance.getEntriesByName(name).length),
  );
  expect(samples).toBeGreaterThan(0);
  expect(steps).toBeGreaterThan(0);
  expect(loss).toBeGreaterThan(0);
  expect(front! - samples!).toBeLessThan(3);
  expect(timeline).toBeLessThan(3);
  expect(back).toBe(0);
});

test('rests while the page is hidden', async ({ lab, page }) => {
  await lab.open('steps=1000000');
  await lab.button('train').click();
  await expect(lab.step).not.toHaveText('0');
  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', {
        configurable: true,
        value: hidden,
      });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await hide(true);
  let held = '';
  await expect(async () => {
    held = (await lab.step.textContent()) ?? '';
    await frames(page, 20);
    expect(await lab.step.textContent()).toBe(held);
  }).toPass({ timeout: 10_000 });
  await hide(false);
  await expect(lab.step).not.toHaveText(held);
});

test('changes start again, with a notice; the sampler does not', async ({
  lab,
  page,
}) => {
  await lab.open('steps=30');
  await lab.train(30);
  await page.locator('summary', { hasText: 'Sampler' }).click();
  const steps = page.getByRole('textbox', { name: 'Steps', exact: true });
  await steps.fill('20');
  await steps.press('Enter');
  await expect(lab.time).toHaveAttribute('max', '20');
  await expect(lab.step).toHaveText('30');
  // After a single step training waits to be asked, and so does the notice.
  await lab.button('step').click();
  await lab.trained(31);
  await page.locator('summary', { hasText: 'Network' }).click();
  const width = page.getByRole('textbox', { name: 'Width', exact: true });
  await width.fill('24');
  await width.press('Enter');
  await expect(lab.notices).toContainText('started again');
  await expect(lab.step).toHaveText('0');
  await lab.train(31);
  await expect(lab.notices).not.toContainText('started again');
});

test('the truth takes the place of a model', async ({ lab, page }) => {
  await lab.open('data=rings&steps=5');
  await lab.train(5);
  await page.locator('summary', { hasText: 'Other settings' }).click();
  await page.getByRole('combobox', { name: 'Family' }).selectOption('exact');
  await expect(page.getByText('There is nothing to train')).toBeVisible();
  await expect(lab.fingerprint).toHaveText(/^[0-9a-f]{16}$/);
  await expect(
    page.getByRole('button', { name: 'Run', exact: true }),
  ).toHaveCount(0);
  await expect(
    page.getByRole('region', { name: 'The same on the command line' }),
  ).toContainText('unnoise sample exact');
  expect(lab.errors).toEqual([]);
});

test('a bad value is refused beside its field', async ({ lab, page }) => {
  await lab.open('steps=30');
  await lab.train(30);
  await page.locator('summary', { hasText: 'Network' }).click();
  const width = page.getByRole('textbox', { name: 'Width', exact: true });
  await width.fill('999999');
  await width.press('Enter');
  await expect(width).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#problem')).toContainText('network.width');
  await expect(lab.step).toHaveText('30');
  await width.fill('64');
  await width.press('Enter');
  await expect(page.locator('#problem')).toHaveCount(0);
  await expect(page).toHaveURL(/network\.width=64/);
});
