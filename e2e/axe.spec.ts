import { expectClean } from './fixtures/clean';
import { inList, planLargeErasure, planRun, raise } from './fixtures/plans';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

// Each page is looked at by itself: both workers share the file.
test.describe.configure({ mode: 'parallel' });

const LISTS = [
  '/home',
  '/inbox',
  '/inbox?view=held',
  '/inbox?view=decided',
  '/inbox?view=held&q=nothing-like-this',
  '/runs?state=ended',
  '/audit',
  '/halts',
  '/agents',
  '/targets',
  '/tools',
  '/people',
  '/directory',
  '/people?view=groups',
  '/account',
  '/no-such-page',
];

/** Looked at in both themes and at both widths, but not in every pair of them: the run has to end. */
const MORE = [
  '/drills',
  '/grants',
  '/grants?view=templates',
  '/policy',
  '/deliveries',
  '/tools/new',
  '/tools/import',
];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(`${colorScheme} at ${width} px`, () => {
      // Half faded in, text has no contrast of its own: whoever asks for less motion sees it at once.
      test.use({
        colorScheme,
        viewport: { width, height: 900 },
        contextOptions: { reducedMotion: 'reduce' },
      });

      test('signed out, the pages have no violation', async ({ page }) => {
        for (const path of ['/sign-in', '/sign-in?error=unauthenticated', '/setup/no-such-link']) {
          await page.goto(path);
          await expect(page.getByRole('heading').first()).toBeVisible();
          await expectClean(page, path);
        }
      });

      test('no list, empty or full, has a violation', async ({ agent, company, as }) => {
        // Many pages one after the other: a busy machine must not make a violation of that.
        test.slow();
        await planLargeErasure(agent, company);
        const { runId } = await planRun(agent, company);
        const page = await as('Ingrid');
        const more = (colorScheme === 'light') === (width === 1440) ? MORE : [];
        for (const path of [...LISTS, ...more, '/runs', `/runs/${runId}`]) {
          await page.goto(path);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          if (path === '/tools') await page.getByText('Arguments', { exact: true }).first().click();
          await expectClean(page, path);
        }
        for (const [list, name] of [
          ['/agents', 'payroll-assistant'],
          ['/targets', 'company'],
        ] as const) {
          await page.goto(list);
          await page.getByRole('main').getByRole('link', { name, exact: true }).click();
          await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
          await expectClean(page, `${list}/${name}`);
        }
      });

      test('an action has no violation while it is held, at each step, decided and denied', async ({
        agent,
        company,
        as,
      }) => {
        const people = await company.hire({ count: 2 });
        const held = await raise(agent, people, { reason: 'pay\u200Broll \u202Eelbat\u202C рауroll' });
        const page = await as('Priya');
        const review = await new ReviewPage(page).open(held.actionId);
        await expect(review.rows('public.employees, update')).toBeVisible();
        await expectClean(page, 'held');
        for (const [key, step] of [
          ['a', 'approving'],
          ['r', 'rejecting'],
        ] as const) {
          await page.keyboard.press(key);
          await expectClean(page, step);
          await page.keyboard.press('Escape');
        }
        await company.rows(`UPDATE employees SET salary = salary + 1 WHERE id IN (${inList(people)})`);
        await review.approve();
        await expect(review.card(/^Held again/)).toBeVisible();
        await expectClean(page, 'held again');
        await review.approve();
        await expect(page.getByText('Done, exactly as approved')).toBeVisible();
        await expectClean(page, 'done');
        const denied = await agent.sql('DROP TABLE payslips');
        await review.open(denied.actionId);
        await expectClean(page, denied.status);
        await page.goto('/actions/act_00000000000000000000000000');
        await expectClean(page, 'no such action');
      });

      test('no dialog has a violation', async ({ agent, company, as }) => {
        const people = await company.hire({ doctorNote: 'a cold' });
        const { actionId } = await agent.sql(`DELETE FROM employees WHERE id IN (${inList(people)})`);
        const page = await as('Ingrid');
        await new ReviewPage(page).open(actionId);
        const dialog = page.getByRole('dialog');
        const look = async (what: string, open: () => Promise<void>) => {
          await page.setViewportSize({ width, height: 900 });
          await open();
          await expect(dialog).toBeVisible();
          await expectClean(page, what);
          await page.keyboard.press('Escape');
          await expect(dialog).toBeHidden();
        };
        await look('reveal', () => page.getByRole('button', { name: 'Reveal…' }).click());
        await look('halt', () => page.getByRole('button', { name: 'Halt' }).click());
        await look('palette', () => page.keyboard.press('Control+k'));
        await look('shortcuts', () => page.keyboard.press('?'));
        await visit(page, '/agents');
        await look('register an agent', () =>
          page.getByRole('button', { name: 'Register an agent' }).click(),
        );
        await page.getByRole('main').getByRole('link', { name: 'payroll-assistant', exact: true }).click();
        await look('new key', () => page.getByRole('button', { name: 'New key' }).click());
        await look('suspend', () => page.getByRole('button', { name: 'Suspend…' }).click());
        await visit(page, '/people');
        await look('invite', () => page.getByRole('button', { name: 'Invite somebody' }).click());
        await visit(page, '/targets');
        await look('register a database', () =>
          page.getByRole('button', { name: 'Register a database' }).click(),
        );
      });
    });
  }
}
