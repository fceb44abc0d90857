import type { Page } from '@playwright/test';
import { raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };

/** Far below what anybody notices (0.1 is where browsers call it poor): a hint of a shortcut may fill its place a moment later. */
const STEADY = 0.02;

async function countMoves(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = window as unknown as { moved: number };
    seen.moved = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as Shift[]) if (!entry.hadRecentInput) seen.moved += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
}

async function open(page: Page, path: string): Promise<string> {
  const live = page.waitForRequest('**/api/stream*');
  const sent = await page.goto(path);
  await live;
  await expect(new ReviewPage(page).sentence).toContainText('Update 3 rows in employees');
  await expect(page.getByRole('region', { name: 'The data' }).getByRole('row').first()).toBeVisible();
  return (await sent?.text()) ?? '';
}

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`at ${width} px nothing moves while a review page opens from a link, and no skeleton stands before it`, async ({
    agent,
    company,
    as,
  }) => {
    const { actionId } = await raise(agent, await company.hire({ count: 3 }));
    const page = await as('Ana');
    await page.setViewportSize({ width, height });
    await countMoves(page);
    const banner = page
      .getByRole('alert')
      .filter({ hasText: 'is released or executed until a person lifts it' });
    let html = await open(page, `/actions/${actionId}`);
    // Another journey that halts something at this very moment moves every page, and should: then it is opened again.
    while (html.includes('is halted') !== (await banner.isVisible()))
      html = await open(page, `/actions/${actionId}`);
    expect(html).not.toContain('Loading the planned action');
    expect(await page.evaluate(() => (window as unknown as { moved: number }).moved)).toBeLessThan(STEADY);
  });
}
