import type { Page } from '@playwright/test';
import { readDemo } from './fixtures/demo';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';
import { visit } from './fixtures/visit';

const CLEARED = 3;
const ADDRESSES = Array.from({ length: 41 }, (_, i) => `aud${i}@audience.example`);

/** A channel of 41, of whom three are cleared for financial data and thirteen are in it through another group; and a tool that shares. */
async function declareChannel(page: Page): Promise<void> {
  const document = {
    apiVersion: 'holdpoint/v1',
    people: ADDRESSES.map((email, i) => ({
      email,
      name: `Reader ${i}`,
      clearances: i < CLEARED ? ['financial'] : [],
    })),
    groups: [
      { name: 'aud-finance', members: ADDRESSES.slice(0, 13) },
      {
        name: 'aud-payroll',
        kind: 'channel',
        aliases: ['#aud-payroll'],
        members: [{ group: 'aud-finance' }, ...ADDRESSES.slice(13)],
      },
    ],
    tools: [
      {
        name: 'docs.share',
        inputSchema: { type: 'object', properties: { with: { type: 'string' } } },
        effects: [{ effect: 'share', audience: '$.with', classes: ['financial'] }],
      },
    ],
  };
  const answer = await page.request.post('/api/trpc/admin.apply', {
    headers: { origin: readDemo().url },
    data: { document },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
}

test('a held share to a channel says how many of whom must not see it, and through which group they would', async ({
  agent,
  as,
}) => {
  const page = await as('Ingrid');
  await declareChannel(page);
  const { actionId } = await agent.submit({ tool: 'docs.share', args: { with: '#aud-payroll' } });
  const review = await new ReviewPage(page).open(actionId);
  await expect(review.sentence).toContainText('Share with 41 people');
  await expect(review.sentence).toContainText('38 of them have no clearance for financial');
  const audience = review.card('Who would see it');
  await expect(audience).toContainText('#aud-payroll');
  await expect(audience).toContainText('aud-payroll (channel, 41 people)');
  await audience.getByRole('button', { name: 'Without clearance 38' }).click();
  const list = audience.getByRole('region', { name: 'One by one, with the way they are reached' });
  await expect(list.getByText('no financial').first()).toBeVisible();
  await expect(list.getByText('cleared', { exact: true })).toHaveCount(0);
  await expect(list.getByText('through aud-payroll → aud-finance').first()).toBeVisible();
});

test('a file with a bad line is refused with its line; corrected it is imported whole', async ({ as }) => {
  const page = await as('Tomas');
  await visit(page, '/directory');
  await page.getByRole('button', { name: 'Import a file' }).click();
  const dialog = page.getByRole('dialog');
  const choose = (text: string) =>
    dialog
      .getByLabel('CSV or JSON file')
      .setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await choose('email,name,aliases\nimported@audience.example,Imke Ported,@imke\nno address,Nobody,\n');
  await expect(dialog.getByRole('alert')).toContainText('line 3');
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await choose('email,name,aliases\nimported@audience.example,Imke Ported,@imke\n');
  await expect(dialog.getByRole('alert')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Find people' }).fill('imke');
  await expect(page.getByText('imported@audience.example')).toBeVisible();
});
