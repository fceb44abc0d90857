import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { commitAll, makeTree } from '@/server/adapters/files/testing';
import { ReviewPage } from './fixtures/review-page';
import { expect, test } from './fixtures/test';

const nameOf = (what: string) => `${what}-${randomBytes(3).toString('hex')}`;

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([]);
}

async function register(
  page: Page,
  what: 'service' | 'folder',
  fields: Record<string, string>,
): Promise<void> {
  await page.goto('/targets');
  await page.getByRole('button', { name: `Register a ${what}` }).click();
  const dialog = page.getByRole('dialog', { name: `Register a ${what}` });
  for (const [label, value] of Object.entries(fields))
    await dialog.getByLabel(label, { exact: true }).fill(value);
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Register and check' }).click();
  await expect(dialog).toBeHidden();
}

test('files deleted by a pattern are looked at one by one, and gone only after the approval', async ({
  agent,
  as,
}) => {
  const root = makeTree({
    'drafts/old.md': 'Old words\n',
    'drafts/older.md': 'Older words\n',
    'keep.md': 'Keep\n',
  });
  commitAll(root);
  const name = nameOf('handbook');
  const lead = await as('Tomas');
  await register(lead, 'folder', { Name: name, Root: root, 'What kind of data it holds': '**: internal' });
  await lead.getByRole('link', { name }).click();
  await expect(lead.getByText('3 files that can be reached', { exact: false })).toBeVisible();
  await expectAccessible(lead);

  const { actionId } = await agent.submit({
    tool: `${name}.files`,
    args: { operation: 'delete', glob: 'drafts/*.md' },
  });
  const review = await new ReviewPage(await as('Ana')).open(actionId);
  await expect(review.sentence).toHaveText(`Delete 2 files in ${name}.`);
  const files = review.card('The files');
  await expect(files).toContainText('2 files, 22 bytes · can be undone');
  await expect(files.getByRole('region', { name: 'Text of drafts/old.md' })).toContainText(
    'removed: Old words',
  );
  await expectAccessible(review.page);
  expect(readdirSync(join(root, 'drafts'))).toHaveLength(2);

  await review.approve();
  await expect(review.page.getByText('Done, exactly as approved')).toBeVisible();
  expect(await agent.ending(actionId)).toMatchObject({
    status: 'succeeded',
    result: { operation: 'delete', count: 2 },
  });
  expect(readdirSync(join(root, 'drafts'))).toEqual([]);
  expect(existsSync(join(root, 'keep.md'))).toBe(true);
});

test('a call of a service is looked at as the request it would be, and sent once after the approval', async ({
  agent,
  as,
}) => {
  const heard: { request: IncomingMessage; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method !== 'HEAD') heard.push({ request, body });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"sent":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const body = { type: 'object', required: ['status'], properties: { status: { enum: ['open', 'closed'] } } };
  const openapi = {
    openapi: '3.1.0',
    info: { title: 'Tickets', version: '1' },
    paths: {
      '/tickets/{id}': {
        patch: {
          operationId: 'changeTicket',
          summary: 'Changes one ticket',
          parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer' } }],
          requestBody: { required: true, content: { 'application/json': { schema: body } } },
          responses: { 200: { description: 'changed' } },
          'x-holdpoint': { effect: 'write', classes: ['internal'], reversible: true, count: 1 },
        },
      },
    },
  };
  const name = nameOf('tickets');
  const lead = await as('Tomas');
  await register(lead, 'service', {
    Name: name,
    'Base URL': `http://127.0.0.1:${port}`,
    'OpenAPI document': JSON.stringify(openapi),
    Token: 'a-sealed-token',
    'Private addresses it may have': '127.0.0.1',
  });
  await lead.getByRole('link', { name }).click();
  await expect(lead.getByRole('region', { name: 'What agents can call' })).toContainText(
    'PATCH /tickets/{id}',
  );
  await expect(lead.locator('body')).not.toContainText('a-sealed-token');
  await expectAccessible(lead);

  const args = { method: 'PATCH', path: '/tickets/7', body: { status: 'closed' } };
  const { actionId } = await agent.submit({ tool: `${name}.call`, args });
  const review = await new ReviewPage(await as('Ana')).open(actionId);
  await expect(review.sentence).toHaveText(`Write 1 item through PATCH /tickets/{id} on ${name}.`);
  const request = review.page.getByRole('region', { name: 'HTTP request' });
  await expect(request).toContainText(`PATCH http://127.0.0.1:${port}/tickets/7`);
  await expect(request).toContainText('authorization: sealed, added by Holdpoint');
  await expect(request).toContainText('"status": "closed"');
  await expectAccessible(review.page);
  expect(heard).toEqual([]);

  await review.approve();
  await expect(review.page.getByText('Done, exactly as approved')).toBeVisible();
  expect(await agent.ending(actionId)).toMatchObject({
    status: 'succeeded',
    result: { status: 200, body: { sent: true } },
  });
  expect(
    heard.map((h) => [h.request.method, h.request.url, h.request.headers.authorization, h.body]),
  ).toEqual([['PATCH', '/tickets/7', 'Bearer a-sealed-token', '{"status":"closed"}']]);
  server.close();
});
