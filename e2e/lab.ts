// What every test of the page needs: the page opened, watched for errors, and
// its parts by what a person calls them.

import { expect, test as base, type Page } from '@playwright/test';

/** An experiment so small that its training is no matter of time. */
const SMALL = 'network.width=16&batch=64';

export class LabPage {
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Opens a small experiment with these words and waits for the page. */
  async open(words: string): Promise<void> {
    await this.page.goto(`./#${SMALL}&${words}`);
    await expect(this.button('train')).toBeEnabled();
  }

  /** Another link in the page as it is. */
  async follow(words: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, words);
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

  get time() {
    return this.page.getByRole('slider', { name: 'Time t' });
  }

  get notices() {
    return this.page.getByRole('region', { name: 'Notices' });
  }

  /** Waits for a stop at exactly this step. */
  async trained(steps: number): Promise<void> {
    const text = steps.toLocaleString('en');
    await expect(this.step).toHaveText(text, { timeout: 60_000 });
    await expect(this.button('train')).toHaveText('Train on');
    await expect(this.fingerprint).toHaveText(/^[0-9a-f]{16}$/);
  }
}

export const test = base.extend<{ lab: LabPage }>({
  lab: async ({ page }, use) => {
    const lab = new LabPage(page);
    await use(lab);
    expect(lab.errors, 'console errors').toEqual([]);
  },
});
export { expect };
