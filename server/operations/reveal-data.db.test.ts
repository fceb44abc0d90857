import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RowImage } from '@/server/domain/footprint';
import type { AgentScope, ReviewerScope } from '@/server/domain/scopes';
import { sealImages } from '@/server/store/evidence';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { accepted, createWorld, EFFECTS, plan, refusedAs, type World } from '@/server/testing/world';
import { getAction } from './get-action';
import { listAudit } from './list-audit';
import { type ListRowsInput, listRows } from './list-rows';
import { revealData } from './reveal-data';

const CLASSES = {
  'public.people': {
    id: 'internal',
    name: 'personal',
    salary: 'financial',
    illness: 'health',
    token: 'credential',
  },
  'public.keyless': { who: 'personal', illness: 'health' },
  'public.coded': { ssn: 'personal', city: 'internal' },
};
const SECRETS = { name: 'Nadia Secret', salary: '91827', illness: 'asthma-secret', token: 'tok-secret' };
const person = (n: number) => ({ id: n, ...SECRETS, extra: 'nobody-classified-secret' });
const IMAGES: RowImage[] = [
  ...Array.from({ length: 450 }, (_, n) => ({
    resource: 'public.people',
    operation: 'update' as const,
    key: `id=${n}`,
    before: person(n),
    after: { ...person(n), salary: '91828' },
  })),
  // A table without a primary key shows values instead of a key; a key may be made of guarded columns.
  {
    resource: 'public.keyless',
    operation: 'delete',
    key: 'no key: ["Nadia Secret","asthma-secret"]',
    before: { who: 'Nadia Secret', illness: 'asthma-secret' },
    after: null,
  },
  {
    resource: 'public.coded',
    operation: 'delete',
    key: 'city=Rome, ssn=078-05-secret',
    before: { ssn: '078-05-secret', city: 'Rome' },
    after: null,
  },
];

let fresh: TestDatabase;
let world: World;
let agent: AgentScope;
let action: { actionId: string; footprintDigest: string };
beforeAll(async () => {
  fresh = await freshDatabase();
  world = await createWorld(fresh.url);
  await world.tool('pages.write', { effects: EFFECTS.held });
  agent = await world.agent('agent');
  action = await withRows(IMAGES);
});
afterAll(async () => {
  await world.close();
  await fresh.drop();
});

/** A held action whose measurement kept these rows. */
async function withRows(images: RowImage[]) {
  const { actionId, footprintDigest } = await plan(world, agent, 'pages.write', { path: `${Math.random()}` });
  for (const chunk of await sealImages(world.deps.vault, actionId, footprintDigest, images)) {
    await fresh.pool.query(
      'INSERT INTO evidence_chunk (action_id, footprint_digest, chunk, workspace_id, size, sealed) VALUES ($1, $2, $3, $4, $5, $6)',
      [actionId, footprintDigest, chunk.chunk, world.workspaceId, chunk.size, Buffer.from(chunk.sealed)],
    );
  }
  await fresh.pool.query(
    `UPDATE planned_action SET images_total = $3, footprint = jsonb_set(footprint, '{columnClasses}', $2::jsonb) WHERE id = $1`,
    [actionId, JSON.stringify(CLASSES), images.length],
  );
  return { actionId, footprintDigest };
}

const rows = (who: ReviewerScope, more: Partial<ListRowsInput> = {}, deps = world.deps) =>
  listRows(deps, who, { ...action, limit: 500, ...more });
const seenBy = async (who: ReviewerScope) => JSON.stringify(accepted(await rows(who)));
const events = async (kind: string, personId: string) =>
  accepted(await listAudit(world.deps, await world.person('Log reader'), { kind, limit: 500 })).items.filter(
    (e) => e.actor.id === personId,
  );
const ALL_SECRETS = [...Object.values(SECRETS), '91828', 'nobody-classified-secret', '078-05-secret'];

describe('P10: reviewing is itself an access', () => {
  test('somebody without clearances sees that rows change and which, but no guarded value, no key made of one', async () => {
    const page = await seenBy(
      await world.person('Nobody', { roles: ['owner', 'security_lead', 'reviewer'] }),
    );
    for (const secret of ALL_SECRETS) expect(page).not.toContain(secret);
    expect(page).toContain('"key":"id=7"');
    expect(page).not.toContain('Rome,');
  });

  test('each class is seen by exactly those cleared for it; what has no class by nobody else', async () => {
    const see = async (clearance: string) => {
      const page = await seenBy(await world.person(clearance, { clearances: [clearance] }));
      return ALL_SECRETS.filter((secret) => page.includes(secret));
    };
    expect(await see('personal')).toEqual(['Nadia Secret', '078-05-secret']);
    expect(await see('financial')).toEqual(['91827', '91828']);
    // In their clearance, yet only after a reveal.
    for (const guarded of ['health', 'credential', 'unclassified']) expect(await see(guarded)).toEqual([]);
  });

  test('a reveal opens what the clearance allows, for this person and footprint only, and is recorded with its reason', async () => {
    const [cleared, colleague] = await Promise.all(
      ['Cleared', 'Colleague'].map((name) => world.person(name, { clearances: ['health'] })),
    );
    if (!cleared || !colleague) throw new Error('nobody there');
    const other = await withRows(IMAGES);
    expect(await seenBy(cleared)).not.toContain('asthma-secret');
    const revealed = accepted(
      await revealData(world.deps, cleared, { ...action, reason: 'insurance case 7' }),
    );
    expect(revealed.revealedClasses).toEqual(['health']);
    const page = await seenBy(cleared);
    expect(page).toContain('asthma-secret');
    for (const secret of ['Nadia Secret', '91827', 'tok-secret']) expect(page).not.toContain(secret);
    expect(await seenBy(colleague)).not.toContain('asthma-secret');
    expect(JSON.stringify(accepted(await rows(cleared, other)))).not.toContain('asthma-secret');
    expect(await events('data.revealed', cleared.personId)).toMatchObject([
      {
        actionId: action.actionId,
        footprintDigest: action.footprintDigest,
        data: { classes: ['health'], reason: 'insurance case 7' },
      },
    ]);
    expect(accepted(await getAction(world.deps, cleared, action)).images).toMatchObject({
      revealedClasses: ['health'],
      total: IMAGES.length,
      kept: IMAGES.length,
    });
  });

  test('without a clearance there is nothing to reveal, and a refused reveal writes nothing', async () => {
    const nobody = await world.person('Curious', { clearances: ['personal', 'financial'] });
    expect(refusedAs(await revealData(world.deps, nobody, { ...action, reason: 'just curious' }))).toBe(
      'not_cleared',
    );
    const { rows: found } = await fresh.pool.query('SELECT FROM reveal WHERE person_id = $1', [
      nobody.personId,
    ]);
    expect(found).toHaveLength(0);
  });

  test('the first look at guarded data is recorded, further looks at the same are not, a look at nothing guarded is none', async () => {
    const viewer = await world.person('Viewer', { clearances: ['personal'] });
    for (let i = 0; i < 3; i++) accepted(await rows(viewer));
    expect(await events('data.viewed', viewer.personId)).toMatchObject([{ data: { classes: ['personal'] } }]);
    const nobody = await world.person('Blind');
    accepted(await rows(nobody));
    expect(await events('data.viewed', nobody.personId)).toEqual([]);
  });

  test('another footprint, another workspace and an unknown action show nothing', async () => {
    const viewer = await world.person('Elsewhere', { clearances: ['personal'] });
    expect(refusedAs(await rows(viewer, { footprintDigest: 'sha256:other' }))).toBe('digest_conflict');
    expect(refusedAs(await rows(viewer, { actionId: 'act_unknown' }))).toBe('action_unknown');
    const elsewhere = await createWorld(fresh.url);
    const stranger = await elsewhere.person('Stranger', { clearances: ['personal', 'health'] });
    expect(refusedAs(await rows(stranger, {}, elsewhere.deps))).toBe('action_unknown');
    const reveal = revealData(elsewhere.deps, stranger, { ...action, reason: 'mine now' });
    expect(refusedAs(await reveal)).toBe('action_unknown');
    await elsewhere.close();
  });

  test('sealed rows open only as the chunk of the action and footprint they were sealed for', async () => {
    const viewer = await world.person('Opener', { clearances: ['personal'] });
    const other = await withRows([]);
    await fresh.pool.query(
      `INSERT INTO evidence_chunk (action_id, footprint_digest, chunk, workspace_id, size, sealed)
       SELECT $1, $2, chunk, workspace_id, size, sealed FROM evidence_chunk WHERE action_id = $3 AND chunk = 0`,
      [other.actionId, other.footprintDigest, action.actionId],
    );
    await expect(rows(viewer, other)).rejects.toThrow();
  });
});

describe('pages of rows', () => {
  test('every kept row is on exactly one page, whatever the page size and the filter', async () => {
    const viewer = await world.person('Pager', { clearances: ['personal'] });
    for (const [limit, filter, expected] of [
      [7, {}, 452],
      [200, {}, 452],
      [3, { operation: 'delete' as const }, 2],
      [100, { resource: 'public.people' }, 450],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = accepted(await rows(viewer, { limit, ...filter, ...(cursor ? { cursor } : {}) }));
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        seen.push(...page.rows.map((r) => `${r.resource} ${r.key} ${JSON.stringify(r.before)}`));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toHaveLength(expected);
      expect(new Set(seen).size).toBe(expected);
    }
  });
});
