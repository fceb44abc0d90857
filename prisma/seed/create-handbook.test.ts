import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FilesInspector } from '@/server/adapters/files/files-inspector';
import { filesTarget } from '@/server/adapters/files/testing';
import { createHandbook } from './create-handbook';
import { readDemoWorkspace } from './demo-workspace';

test('the handbook of the demo can be reached, is classified and can be brought back', async () => {
  const root = join(mkdtempSync(join(tmpdir(), 'holdpoint-handbook-')), 'handbook');
  await createHandbook(root);
  const document = await readDemoWorkspace('postgres://a:b@localhost/c', root);
  const target = document.targets.find((t) => t.name === 'handbook');
  const check = await new FilesInspector().inspect({ ...filesTarget(root), ...(target as object) });
  expect(check).toMatchObject({ reachable: true, findings: [], tree: { files: 8, unclassified: 0 } });
  expect(check.tree?.git).toMatch(/^[0-9a-f]{40}$/);
});

test('without a handbook the demo declares neither it nor its tool', async () => {
  const document = await readDemoWorkspace('postgres://a:b@localhost/c');
  expect(JSON.stringify([document.targets, document.tools])).not.toContain('handbook');
});
