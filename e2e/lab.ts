// What every test of the page needs: the page opened, watched for errors, and
// its parts by what a person calls them.

import AxeBuilder from '@axe-core/playwright';
import {
  expect,
  test as base,
  type Locator,
  type Page,
} from '@playwright/test';

/** An experiment so small that its training is no matter of time. */
export const SMALL = 'network.width=16&batch=64';

export class LabPage {
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /**
   * From the next opening on the page moves and trains by itself, as it does
   * for most people. Elsewhere it waits to be asked: what a test does then races
   * with no training, and no time is lost to a picture that plays.
   */
  async move(): Promise<void> {
    await this.page.emulateMedia({ reducedMotion: 'no-preference' });
  }

  /** Opens a small experiment with these words and waits for the page. */
  async open(words: string): Promise<void> {
    await this.page.goto(`./#${SMALL}&${words}`);
    await expect(this.button('train')).toBeEnabled();
  }

  /** Opens a link in a document that knows nothing of the one before. */
  async visit(link: string): Promise<void> {
    await this.page.goto('about:blank');
    await this.page.goto(link);
    await expect(this.button('train')).toBeEnabled();
  }

  /** Another link in the page as it is. */
  async follow(words: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, words);
  }

  /** The page's address, once it is the link that the page gives away. */
  async link(): Promise<string> {
    const given = this.page.getByRole('textbox', {
      name: 'Link to this experiment',
    });
    await expect(async () => {
      expect(this.page.url()).toBe(await given.inputValue());
    }).toPass();
    return this.page.url();
  }

  /**
   * Does what opens an experiment and waits until the page has opened it. Two
   * runs may end in the same step and bits, so what a page shows cannot tell
   * them apart; but each has a history of losses of its own.
   */
  async opening(action: () => Promise<unknown>): Promise<void> {
    const before = await this.page.evaluateHandle(
      () => document.querySelector('unnoise-app')?.lab.state.history,
    );
    await action();
    await this.page.waitForFunction(
      (before) =>
        document.querySelector('unnoise-app')?.lab.state.history !== before,
      before,
    );
  }

  /** Opens every group of settings, which says how the page looks at most. */
  async unfold(): Promise<void> {
    for (const details of await this.page.locator('details').all()) {
      await details.evaluate((element: HTMLDetailsElement) => {
        element.open = true;
      });
    }
  }

  /** Gives the page a file as its button does. */
  async addFile(name: string, content: string | Uint8Array): Promise<void> {
    const buffer = Buffer.from(content);
    await this.page
      .getByLabel('A CSV file')
      .setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  }

  button(action: string) {
    return this.page.locator(`[data-action=${action}]`);
  }

  get step() {
    return this.stat('Step');
  }

  get loss() {
    return this.stat('Loss');
  }

  stat(name: string) {
    return this.page
      .locator('dl.stats div')
      .filter({ has: this.page.getByText(name, { exact: true }) })
      .locator('dd');
  }

  get fingerprint() {
    return this.page.getByRole('status', { name: 'Fingerprint' });
  }

  /** The digits of a run that has been trained. */
  async bits(): Promise<string> {
    await expect(this.fingerprint).toHaveText(/^[0-9a-f]{16}$/);
    return (await this.fingerprint.textContent()) ?? '';
  }

  get time() {
    return this.page.getByRole('slider', { name: 'Time t' });
  }

  get notices() {
    return this.page.getByRole('region', { name: 'Notices' });
  }

  /** Trains to where this experiment stops. */
  async train(steps: number): Promise<void> {
    await this.button('train').click();
    await this.trained(steps);
  }

  /** Waits for a stop at exactly this step; its address is written by then. */
  async trained(steps: number): Promise<void> {
    const text = steps.toLocaleString('en');
    await expect(
      this.page.getByText(`Of weights and samples at step ${text}.`),
    ).toBeVisible({ timeout: 40_000 });
    await expect(this.step).toHaveText(text);
    await expect(this.button('train')).toHaveText('Train on');
    await expect(this.fingerprint).toHaveText(/^[0-9a-f]{16}$/);
  }
}

/** What a canvas shows, to be compared; nothing while it is empty. */
export function picture(canvas: Locator): Promise<string> {
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const empty = document.createElement('canvas');
    empty.width = element.width;
    empty.height = element.height;
    const shown = element.toDataURL();
    return shown === empty.toDataURL() ? '' : shown;
  });
}

/** How many pixels of a canvas are not empty. */
export function inked(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement)
      .getContext('2d')!
      .getImageData(0, 0, width, height);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]! > 0) ++count;
    return count;
  });
}

/** Lets the page draw so many frames, for what should not happen in them. */
export function frames(page: Page, count = 15): Promise<void> {
  return page.evaluate(async (count) => {
    for (let i = 0; i < count; ++i) {
      await new Promise(requestAnimationFrame);
    }
  }, count);
}

/** What axe finds, by rule, in all of the page or by these rules alone. */
export async function violations(
  page: Page,
  { rules, within }: { rules?: string[]; within?: [string, string] } = {},
) {
  // The other way opens a page for each answer, which only frames need.
  const axe = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
  if (rules) axe.withRules(rules);
  if (within) axe.include({ fromShadowDom: within });
  const found = await axe.analyze();
  return found.violations.map(({ id, nodes }) => [
    id,
    nodes.map(({ html }) => html),
  ]);
}

/** All rules in the light, and in the dark what the light cannot answer for. */
export async function expectAccessible(
  page: Page,
  within?: [string, string],
): Promise<void> {
  expect(await violations(page, { within })).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await frames(page, 2);
  const dark = await violations(page, { rules: ['color-contrast'], within });
  expect(dark, 'in the dark').toEqual([]);
  await page.emulateMedia({ colorScheme: 'light' });
}

export const test = base.extend<{ lab: LabPage }>({
  lab: async ({ page }, use) => {
    const lab = new LabPage(page);
    await use(lab);
    expect(lab.errors, 'console errors').toEqual([]);
  },
});
export { expect };
