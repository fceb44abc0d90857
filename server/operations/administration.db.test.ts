import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createVault } from '@/server/adapters/vault/aes-gcm-vault';
import { parseAgentKey } from '@/server/domain/agent-key';
import type { TargetCheck } from '@/server/domain/ports';
import type { Outcome, Refusal } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { Role } from '@/server/domain/vocabulary';
import { type Database, openDatabase } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { applyDocument } from './apply-document';
import { checkTarget } from './check-target';
import { createKey } from './create-key';
import { getAgent, listAgents } from './list-agents';
import { listGroups, listPeople } from './list-people';
import { getTarget, listTargets, listTools } from './list-targets';
import { revokeKey } from './revoke-key';
import { rotateKey } from './rotate-key';
import { resumeAgent, suspendAgent } from './suspend-agent';

let fresh: TestDatabase;
let db: Database;
let workspaceId: string;
let lead: ReviewerScope;
let agentId: string;
let now = new Date('2026-11-21T12:00:00.000Z');
let check: TargetCheck;
let duringInspection: () => Promise<unknown>;
const clock = { now: () => now };
const vault = createVault(randomBytes(32));
const inspector = {
  inspect: async () => {
    await duringInspection();
    return check;
  },
};
const deps = () => ({ db, vault, clock, inspector });
const HOUR = 3_600_000;

beforeAll(async () => {
  fresh = await freshDatabase();
  db = openDatabase(fresh.url);
});
afterAll(async () => {
  await db.close();
  await fresh.drop();
});
beforeEach(async () => {
  await fresh.pool.query('TRUNCATE person, workspace CASCADE');
  workspaceId = newId('workspace');
  now = new Date('2026-11-21T12:00:00.000Z');
  duringInspection = async () => undefined;
  check = {
    reachable: true,
    serverVersion: '18.4',
    role: 'hr_agent',
    findings: [{ severity: 'error', code: 'superuser', message: 'the role is a superuser' }],
    columns: [
      { column: 'public.a.b', type: 'text', classification: 'personal', suggestion: null },
      { column: 'public.a.c', type: 'text', classification: null, suggestion: 'personal' },
    ],
  };
  await db.prisma.workspace.create({ data: { id: workspaceId, name: 'Acme' } });
  lead = await personWith('lead@example.com', ['security_lead']);
  accepted(await applyDocument(deps(), lead, { document: DOCUMENT }));
  agentId = (await db.prisma.agent.findFirstOrThrow({ where: { workspaceId, name: 'a1' } })).id;
});

const DOCUMENT = {
  apiVersion: 'holdpoint/v1',
  people: [{ email: 'ana@example.com', name: 'Ana', roles: ['reviewer'] }],
  groups: [
    { name: 'all', members: ['ana@example.com', { group: 'few' }] },
    { name: 'few', members: [] },
  ],
  agents: ['a1', 'a2', 'a3'].map((name) => ({ name, owner: 'ana@example.com', clearances: ['internal'] })),
  targets: [{ name: 'hr', kind: 'postgres', connection: 'postgres://hr_agent:s3cret@db/hr' }],
  tools: [{ name: 'hr.sql', kind: 'sql', target: 'hr' }],
};

function accepted<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}
function refused<T>(outcome: Outcome<T>): Refusal {
  if (outcome.ok) throw new Error('it was accepted');
  return outcome;
}
async function personWith(email: string, roles: Role[]): Promise<ReviewerScope> {
  const person = await db.prisma.person.create({
    data: { id: newId('person'), workspaceId, email, name: email, roles },
  });
  const scope = {
    kind: 'reviewer',
    workspaceId,
    personId: person.id,
    sessionId: 'ses_1',
    name: email,
    email,
  };
  return { ...scope, roles, clearances: [] } as unknown as ReviewerScope;
}
const create = (input: { label?: string; expirySeconds?: number | null } = {}) =>
  createKey(deps(), lead, { agentId, label: '', expirySeconds: null, ...input });
const keysOf = async () => accepted(await getAgent(deps(), lead, { agentId })).keys;
const lastEvent = () =>
  db.prisma.auditEvent.findFirstOrThrow({ where: { workspaceId }, orderBy: { id: 'desc' } });

test('a created key is answered once, is live, and neither lists nor log repeat it', async () => {
  const { key, keyId, prefix } = accepted(await create({ label: 'ci', expirySeconds: 3_600 }));
  expect(parseAgentKey(key)?.keyId).toBe(keyId);
  const shown = (await keysOf()).find((k) => k.keyId === keyId);
  expect(shown).toMatchObject({ prefix, label: 'ci', state: 'live', expiresAt: '2026-11-21T13:00:00.000Z' });
  const event = await lastEvent();
  expect(event).toMatchObject({ kind: 'key.created', actorId: lead.personId });
  const secret = key.split('_')[2] ?? key;
  expect(JSON.stringify([shown, event.data])).not.toContain(secret);
  now = new Date(now.getTime() + HOUR);
  expect((await keysOf()).find((k) => k.keyId === keyId)?.state).toBe('expired');
});

test('a rotated key leaves the old one working until the grace is over, and no longer than it would have', async () => {
  const old = accepted(await create({ label: 'ci', expirySeconds: 7_200 }));
  const one = accepted(await rotateKey(deps(), lead, { keyId: old.keyId, graceSeconds: 86_400 }));
  expect(one.oldExpiresAt).toBe('2026-11-21T14:00:00.000Z');
  expect(one.expiresAt).toBe('2026-11-21T14:00:00.000Z');
  expect(one.key).not.toBe(old.key);
  const two = accepted(await rotateKey(deps(), lead, { keyId: one.keyId, graceSeconds: 60 }));
  expect(two.oldExpiresAt).toBe('2026-11-21T12:01:00.000Z');
  const labels = (await keysOf()).filter((k) => k.label === 'ci').map((k) => k.state);
  expect(labels).toEqual(['live', 'live', 'live']);
  now = new Date(now.getTime() + 60_000);
  expect((await keysOf()).find((k) => k.keyId === one.keyId)?.state).toBe('expired');
});

test('a key that no longer works cannot be rotated back to life', async () => {
  const { keyId } = accepted(await create());
  accepted(await revokeKey(deps(), lead, { keyId, reason: 'leaked' }));
  expect(refused(await rotateKey(deps(), lead, { keyId, graceSeconds: 60 })).code).toBe('conflict');
  expect((await keysOf()).find((k) => k.keyId === keyId)?.state).toBe('revoked');
});

test('revoking twice is revoking once, with one event', async () => {
  const { keyId } = accepted(await create());
  const once = accepted(await revokeKey(deps(), lead, { keyId, reason: 'leaked' }));
  now = new Date(now.getTime() + HOUR);
  expect(accepted(await revokeKey(deps(), lead, { keyId, reason: '' }))).toEqual(once);
  expect(await db.prisma.auditEvent.count({ where: { workspaceId, kind: 'key.revoked' } })).toBe(1);
});

test('twenty working keys are enough for any agent', async () => {
  for (let i = 1; i < 20; i++) accepted(await create());
  expect(refused(await create()).message).toContain('Revoke one');
});

test('a suspension says who and why, survives a document, and ends only by resuming', async () => {
  accepted(await suspendAgent(deps(), lead, { agentId, reason: 'reads too much' }));
  accepted(await applyDocument(deps(), lead, { document: DOCUMENT }));
  const suspended = accepted(await getAgent(deps(), lead, { agentId: 'a1' }));
  expect(suspended.suspendedAt).toBe(now.toISOString());
  expect(suspended.suspension).toEqual({ by: 'lead@example.com', reason: 'reads too much' });
  accepted(await resumeAgent(deps(), lead, { agentId, reason: 'fixed' }));
  expect(accepted(await getAgent(deps(), lead, { agentId }))).toMatchObject({
    suspendedAt: null,
    suspension: null,
  });
});

test('lists go on where they stopped, by cursor, and refuse a cursor that is not theirs', async () => {
  const first = accepted(await listAgents(deps(), lead, { limit: 2 }));
  expect(first.items.map((a) => a.name)).toEqual(['a1', 'a2']);
  const rest = accepted(await listAgents(deps(), lead, { limit: 2, cursor: first.nextCursor ?? '' }));
  expect(rest.items.map((a) => a.name)).toEqual(['a3']);
  expect(rest.nextCursor).toBeNull();
  expect(refused(await listAgents(deps(), lead, { limit: 2, cursor: 'zzz' })).code).toBe('cursor_invalid');
  expect(accepted(await listAgents(deps(), lead, { limit: 9, q: 'A2' })).items.map((a) => a.name)).toEqual([
    'a2',
  ]);
});

test('targets, tools, people and groups show what there is, and no secret', async () => {
  const [target] = accepted(await listTargets(deps(), lead, { limit: 9 })).items;
  expect(target).toMatchObject({
    address: 'hr_agent@db:5432/hr',
    reachable: true,
    errors: 1,
    coverage: { classified: 1, total: 2 },
    tools: [{ name: 'hr.sql' }],
  });
  const detail = accepted(await getTarget(deps(), lead, { targetId: 'hr' }));
  expect(detail.check?.columns).toHaveLength(2);
  expect(JSON.stringify(detail)).not.toContain('s3cret');
  expect(accepted(await listTools(deps(), lead, { limit: 9 })).items[0]).toMatchObject({
    name: 'hr.sql',
    kind: 'sql',
  });
  const people = accepted(await listPeople(deps(), lead, { limit: 9 })).items;
  expect(people[0]).toMatchObject({
    email: 'ana@example.com',
    groups: ['all'],
    agents: ['a1', 'a2', 'a3'],
    sessions: 0,
  });
  expect(accepted(await listGroups(deps(), lead, { limit: 9 })).items[0]).toMatchObject({
    name: 'all',
    people: [{ email: 'ana@example.com' }],
    groups: [{ name: 'few' }],
  });
});

test('who is signed in is for administrators and for oneself', async () => {
  const auditor = await personWith('aud@example.com', ['auditor']);
  const people = accepted(await listPeople(deps(), auditor, { limit: 9 })).items;
  expect(people.map((p) => [p.email, p.sessions])).toEqual([
    ['ana@example.com', null],
    ['aud@example.com', 0],
    ['lead@example.com', null],
  ]);
});

test('checking a target keeps what was found now', async () => {
  check = { ...check, reachable: false, findings: [] };
  now = new Date(now.getTime() + HOUR);
  const view = accepted(await checkTarget(deps(), lead, { targetId: 'hr' }));
  expect(view).toMatchObject({ reachable: false, errors: 0, checkedAt: now.toISOString() });
  expect(await lastEvent()).toMatchObject({ kind: 'target.checked', data: { name: 'hr', reachable: false } });
});

test('what was found about an older definition is not kept for the new one', async () => {
  const rotated = 'postgres://hr_agent:an0ther@db/hr';
  const targets = [{ name: 'hr', kind: 'postgres', connection: rotated }];
  duringInspection = async () => {
    duringInspection = async () => undefined;
    accepted(await applyDocument(deps(), lead, { document: { apiVersion: 'holdpoint/v1', targets } }));
  };
  expect(refused(await checkTarget(deps(), lead, { targetId: 'hr' })).code).toBe('conflict');
});

test('a person of another workspace finds and changes nothing here', async () => {
  const { keyId } = accepted(await create());
  const target = await db.prisma.target.findFirstOrThrow({ where: { workspaceId } });
  workspaceId = newId('workspace');
  await db.prisma.workspace.create({ data: { id: workspaceId, name: 'Other' } });
  const stranger = await personWith('owner@other.example', ['owner']);
  expect(accepted(await listAgents(deps(), stranger, { limit: 9 })).items).toEqual([]);
  const codes = [
    await getAgent(deps(), stranger, { agentId }),
    await createKey(deps(), stranger, { agentId, label: '', expirySeconds: null }),
    await rotateKey(deps(), stranger, { keyId, graceSeconds: 0 }),
    await revokeKey(deps(), stranger, { keyId, reason: '' }),
    await suspendAgent(deps(), stranger, { agentId, reason: 'x' }),
    await getTarget(deps(), stranger, { targetId: target.id }),
    await checkTarget(deps(), stranger, { targetId: target.id }),
  ].map((outcome) => refused<unknown>(outcome).code);
  expect(codes).toEqual([
    'agent_unknown',
    'agent_unknown',
    'key_unknown',
    'key_unknown',
    'agent_unknown',
    'target_unknown',
    'target_unknown',
  ]);
});

test.each([['reviewer'], ['auditor']] as const)('a %s administers nothing', async (role) => {
  const person = await personWith('p@example.com', [role]);
  const { keyId } = accepted(await create());
  const codes = [
    await createKey(deps(), person, { agentId, label: '', expirySeconds: null }),
    await rotateKey(deps(), person, { keyId, graceSeconds: 0 }),
    await revokeKey(deps(), person, { keyId, reason: '' }),
    await suspendAgent(deps(), person, { agentId, reason: 'x' }),
    await resumeAgent(deps(), person, { agentId, reason: 'x' }),
    await checkTarget(deps(), person, { targetId: 'hr' }),
  ].map((outcome) => refused<unknown>(outcome).code);
  expect(new Set(codes)).toEqual(new Set(['forbidden']));
});
