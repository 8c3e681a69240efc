// What every test of the page needs: the page opened, watched for errors, and
// its parts by what a person calls them.

import { expect, test as base, type Page } from '@playwright/test';

export class LabPage {
  readonly errors: string[] = [];

  constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Opens the page with a hash and waits until it can be used. */
  async open(hash = ''): Promise<void> {
    await this.page.goto(`./${hash}`);
    await expect(this.button('train')).toBeEnabled();
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
