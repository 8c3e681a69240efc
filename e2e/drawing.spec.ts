// Points of one's own, drawn: by mouse, by finger, by keyboard and as text; what
// is drawn is trained on, travels in the link, and is the command line's too.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, test, type LabPage } from './lab';

const cli = join(import.meta.dirname, '../build/native/unnoise');

/** The drawing dialog by what a person sees of it. */
class Sheet {
  private readonly page: Page;

  constructor(private readonly lab: LabPage) {
    this.page = lab.page;
  }

  get dialog() {
    return this.page.getByRole('dialog', { name: 'Draw your own' });
  }
  get canvas() {
    return this.page.getByRole('application', { name: 'Sheet' });
  }
  get count() {
    return this.dialog.locator('#count');
  }

  async open(button = 'Draw your own'): Promise<void> {
    await this.page.getByRole('button', { name: button }).click();
    await expect(this.dialog).toBeVisible();
  }

  press(name: string): Promise<void> {
    return this.dialog.getByRole('button', { name, exact: true }).click();
  }

  label(label: number): Promise<void> {
    return this.dialog
      .getByRole('radio', { name: String(label), exact: true })
      .check();
  }

  /** Where a place of the usual sheet is on the screen. */
  async at(x: number, y: number): Promise<[number, number]> {
    await this.canvas.scrollIntoViewIfNeeded();
    const box = await this.canvas.boundingBox();
    if (!box) throw new Error('no sheet');
    const unit = Math.min(box.width, box.height) / 6;
    return [
      box.x + box.width / 2 + unit * x,
      box.y + box.height / 2 - unit * y,
    ];
  }

  async drag(from: [number, number], to: [number, number]): Promise<void> {
    await this.page.mouse.move(...(await this.at(...from)));
    await this.page.mouse.down();
    await this.page.mouse.move(...(await this.at(...to)), { steps: 8 });
    await this.page.mouse.up();
  }

  /** Presses "Train on it" and waits until the page has these points. */
  async use(): Promise<void> {
    await this.lab.opening(() => this.press('Train on it'));
    await expect(this.dialog).toHaveCount(0);
    await expect(this.page).toHaveURL(/&points=/);
  }

  async has(points: number): Promise<void> {
    const count = points.toLocaleString('en');
    await expect(this.count).toHaveText(`${count} / 2,000 points`);
  }

  async points(): Promise<number> {
    const text = (await this.count.textContent()) ?? '';
    return parseInt(text.replaceAll(',', ''), 10);
  }
}

test('is trained on, travels in the link, and is the same for the CLI', async ({
  lab,
  page,
}) => {
  await lab.move();
  await lab.open('steps=20');
  const sheet = new Sheet(lab);
  await sheet.open();
  await sheet.drag([-2, 1], [2, 1]);
  const first = await sheet.points();
  expect(first).toBeGreaterThan(20);
  await sheet.label(1);
  await sheet.drag([-2, -1], [2, -1]);
  const count = await sheet.points();
  expect(count).toBeGreaterThan(first);
  await sheet.use();
  await expect(
    page.getByText(`drawing.csv: ${count} points with 2 coordinates. 2 labels`),
  ).toBeVisible();
  const legend = page.getByRole('list', { name: 'Labels of the data' });
  await expect(legend.getByRole('listitem')).toHaveText(['Label 0', 'Label 1']);
  await lab.trained(20);
  const bits = await lab.bits();
  const words = await page
    .getByRole('img', { name: 'Plot' })
    .evaluate((img) =>
      (img.getRootNode() as ShadowRoot)
        .getElementById('words')
        ?.textContent?.replace(/\d+ samples.*/, ''),
    );
  expect(words).toContain(`0 on ${first} points, 1 on ${count - first} points`);

  const waiting = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Your points, CSV' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('drawing.csv');
  await expect(page.getByText('It reads drawing.csv')).toBeVisible();
  const command = await page.locator('pre code').first().textContent();
  expect(command).toContain('data=drawing.csv');
  if (existsSync(cli)) {
    const folder = mkdtempSync(join(tmpdir(), 'unnoise-'));
    try {
      await download.saveAs(join(folder, 'drawing.csv'));
      const run = (text: string) =>
        execFileSync(cli, text.trim().split(/\s+/).slice(1), {
          cwd: folder,
          stdio: 'pipe',
          encoding: 'utf8',
        });
      run(command ?? '');
      const [, fingerprint = ''] = await page
        .locator('pre code')
        .allTextContents();
      expect(run(fingerprint)).toContain(bits);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  await lab.visit(await lab.link());
  await lab.trained(20);
  await expect(lab.fingerprint).toHaveText(bits);
  await expect(lab.notices.locator('.notice')).toHaveCount(0);
  await expect(legend.getByRole('listitem')).toHaveCount(2);
  await sheet.open('Edit by drawing');
  await sheet.has(count);
});

test('strokes are undone, redone and erased', async ({ lab, page }) => {
  await lab.open('steps=5');
  const sheet = new Sheet(lab);
  await sheet.open();
  await sheet.drag([-2, 1], [2, 1]);
  const first = await sheet.points();
  await sheet.drag([-2, -1], [2, -1]);
  const both = await sheet.points();
  await sheet.press('Undo');
  await sheet.has(first);
  await sheet.press('Redo');
  await sheet.has(both);
  await sheet.press('Eraser');
  await sheet.dialog.getByLabel('Size').fill('12');
  await sheet.drag([-2.5, 1], [2.5, 1]);
  await sheet.has(both - first);
  await page.keyboard.press('Control+z');
  await sheet.has(both);
  await sheet.press('Clear all');
  await sheet.has(0);
  await sheet.press('Train on it');
  await expect(sheet.dialog.getByRole('alert')).toContainText('at least 2');

  // What is left by Escape is there when one comes back.
  await sheet.press('Undo');
  await page.keyboard.press('Escape');
  await expect(sheet.dialog).toHaveCount(0);
  await expect(page.getByRole('radio', { name: 'Two moons' })).toBeChecked();
  await sheet.open();
  await sheet.has(both);
  await sheet.press('Begin with what is shown: Two moons');
  await sheet.has(1000);
});

test('stops at as many points as fit a link', async ({ lab }) => {
  await lab.open('steps=5');
  const sheet = new Sheet(lab);
  await sheet.open();
  await sheet.dialog.getByText('Edit as text').click();
  // Typing so many lines takes Chromium long; they are set and then told.
  const write = (lines: string[]) =>
    sheet.dialog
      .getByRole('textbox', { name: 'Points as text' })
      .evaluate((area: HTMLTextAreaElement, text) => {
        area.value = text;
        area.dispatchEvent(new Event('change'));
      }, lines.join('\n'));
  const many = Array.from({ length: 2000 }, (_, i) => `${i % 40},${i % 41}`);
  await write([...many, '0,0']);
  await expect(sheet.dialog.getByRole('alert')).toContainText('2,001 points');
  await write(many);
  await sheet.has(2000);
  await expect(sheet.dialog.getByRole('alert')).toContainText('fit a link');
  await sheet.drag([-1, 0], [1, 0]);
  await sheet.has(2000);
  await sheet.use();
  await lab.train(5);
});

test('works by keyboard and as text', async ({ lab, page }) => {
  await lab.open('steps=5');
  const sheet = new Sheet(lab);
  await page.getByRole('button', { name: 'Draw your own' }).focus();
  await page.keyboard.press('Enter');
  await expect(sheet.canvas).toBeFocused();
  await page.keyboard.press('Space');
  const said = sheet.dialog.getByRole('status').last();
  await expect(said).toHaveText('At 0, 0. Points: 1.');
  for (let i = 0; i < 5; ++i) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('3');
  await expect(said).toHaveText('Label 3.');
  await page.keyboard.press('Space');
  await expect(said).toHaveText('At 0.50, 0.020. Points: 2.');
  await page.keyboard.press('Delete');
  await expect(said).toHaveText('Points: 1.');
  await page.keyboard.press('Control+z');
  await sheet.dialog.getByText('Edit as text').click();
  const lines = sheet.dialog.getByRole('textbox', { name: 'Points as text' });
  await expect(lines).toHaveValue('0,0,0\n0.5,0.02,3\n');
  await lines.fill('0,0,0\n0.5,x,3\n');
  await page.keyboard.press('Tab');
  const alert = sheet.dialog.getByRole('alert');
  await expect(alert).toContainText('Line 2: Write two numbers');
  await sheet.press('Train on it');
  await expect(sheet.dialog).toBeVisible();
  await lines.fill('0,0\n0.5,0.25,3\n-1,1,3\n');
  await sheet.use();
  await expect(page.getByText('drawing.csv: 3 points')).toBeVisible();
  await lab.train(5);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a finger draws, and the page stays where it is', async ({
    lab,
    page,
  }) => {
    await lab.open('steps=5');
    const sheet = new Sheet(lab);
    await sheet.open();
    const client = await page.context().newCDPSession(page);
    const touch = async (type: string, x: number, y: number) => {
      const [px, py] = await sheet.at(x, y);
      await client.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: type === 'touchEnd' ? [] : [{ x: px, y: py }],
      });
    };
    await touch('touchStart', 0, 2);
    for (let y = 1.8; y > -2; y -= 0.2) await touch('touchMove', 0, y);
    await touch('touchEnd', 0, -2);
    expect(await sheet.points()).toBeGreaterThan(20);
    const top = await sheet.dialog
      .locator('.body')
      .evaluate((body) => body.scrollTop);
    expect(top).toBe(0);
    await sheet.use();
    await lab.train(5);
  });

  test('all of it fits, with large targets', async ({ lab, page }) => {
    await lab.open('steps=5');
    const sheet = new Sheet(lab);
    await sheet.open();
    for (const width of [320, 390, 1280]) {
      await page.setViewportSize({ width, height: 700 });
      const wide = await sheet.dialog.evaluate((dialog) => dialog.scrollWidth);
      expect(wide).toBeLessThanOrEqual(width);
      const small = await sheet.dialog
        .locator('button:visible, label:has([type=radio]):visible')
        .evaluateAll((targets) =>
          targets
            .map((target) => target.getBoundingClientRect())
            .filter(({ width, height }) => Math.min(width, height) < 43.5)
            .map(({ x, y, width, height }) => [x, y, width, height].join()),
        );
      expect.soft(small, `at ${width}`).toEqual([]);
    }
  });
});

test('axe finds nothing while one draws, light or dark', async ({
  lab,
  page,
}) => {
  await lab.open('steps=5');
  const sheet = new Sheet(lab);
  await sheet.open();
  await sheet.drag([-2, 1], [2, 1]);
  await sheet.label(1);
  await sheet.drag([-2, -1], [2, -1]);
  await sheet.dialog.getByText('Edit as text').click();
  await expectAccessible(page);
  await sheet.use();
  await lab.train(5);
  await expectAccessible(page);
});
