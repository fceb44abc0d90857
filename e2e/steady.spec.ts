import { raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean };

/** Far below what anybody notices (0.1 is where browsers call it poor): a hint of a shortcut may fill its place a moment later. */
const STEADY = 0.02;

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
    await page.addInitScript(() => {
      const seen = window as unknown as { moved: number };
      seen.moved = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as Shift[])
          if (!entry.hadRecentInput) seen.moved += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    const opened = page.waitForRequest('**/api/stream*');
    const sent = await page.goto(`/actions/${actionId}`);
    await opened;
    expect(await sent?.text()).not.toContain('Loading the planned action');
    await expect(new ReviewPage(page).sentence).toContainText('Update 3 rows in employees');
    await expect(page.getByRole('region', { name: 'The data' }).getByRole('row').first()).toBeVisible();
    expect(await page.evaluate(() => (window as unknown as { moved: number }).moved)).toBeLessThan(STEADY);
  });
}
