import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createVault } from '@/server/adapters/vault/aes-gcm-vault';
import { hashKeySecret, parseAgentKey } from '@/server/domain/agent-key';
import type { TargetCheck } from '@/server/domain/ports';
import type { Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { Role } from '@/server/domain/vocabulary';
import { Catalog } from '@/server/store/catalog-cache';
import { type Database, openDatabase } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { freshDatabase, type TestDatabase } from '@/server/testing/database';
import { type ApplyResult, applyDocument, type OperatorScope } from './apply-document';

const CONNECTION = 'postgres://hr_agent:s3cret-w0rd@localhost:5432/hr';
const DOCUMENT = `
apiVersion: holdpoint/v1
people:
  - { email: Ana@Example.com, name: Ana Ruiz, clearances: [personal, financial], roles: [reviewer] }
  - { email: lee@example.com, name: Lee, roles: [reviewer] }
groups:
  - { name: engineering, members: [{ group: platform }, lee@example.com] }
  - { name: platform, members: [ana@example.com] }
agents:
  - { name: hr-assistant, owner: ana@example.com, clearances: [internal] }
targets:
  - name: hr
    kind: postgres
    connection: ${CONNECTION}
    classifications: { public.employees.salary: financial, "public.departments.*": internal }
    subjects: { public.employees: employee_id, public.payslips: "employee_id -> public.employees" }
tools:
  - { name: hr.sql, target: hr, kind: sql, execution: broker }
  - name: send_email
    execution: agent
    inputSchema: { type: object, required: [body], properties: { body: { type: string } } }
    effects: [{ effect: send, audience: "$.recipients[*]", content: "$.body" }]
`;

let fresh: TestDatabase;
let db: Database;
let workspaceId: string;
let inspected: string[];
let check: TargetCheck;
const vault = createVault(randomBytes(32));
const clock = { now: () => new Date() };
const inspector = {
  inspect: async (target: { connection: string }) => {
    inspected.push(target.connection);
    return check;
  },
};
const deps = () => ({ db, vault, clock, inspector });

beforeAll(async () => {
  fresh = await freshDatabase();
  db = openDatabase(fresh.url);
});
afterAll(async () => {
  await db.close();
  await fresh.drop();
});
beforeEach(async () => {
  // Addresses are unique over the installation: each test starts without people of others.
  await fresh.pool.query('TRUNCATE person, workspace CASCADE');
  workspaceId = newId('workspace');
  await db.prisma.workspace.create({ data: { id: workspaceId, name: 'Acme' } });
  inspected = [];
  check = { reachable: true, serverVersion: '18.4', role: 'hr_agent', findings: [], columns: [] };
});

const operator = (): OperatorScope => ({ kind: 'operator', workspaceId, name: 'operator' });
const apply = (document: unknown, options: { dryRun?: boolean; prune?: boolean } = {}) =>
  applyDocument(deps(), operator(), { document, ...options });
const part = (entries: object) => ({ apiVersion: 'holdpoint/v1', ...entries });
const accepted = (outcome: Outcome<ApplyResult>): ApplyResult => {
  if (!outcome.ok) throw new Error(`${outcome.message} ${JSON.stringify(outcome.problems)}`);
  return outcome.value;
};
const refusalOf = (outcome: Outcome<ApplyResult>) => {
  if (outcome.ok) throw new Error('it was accepted');
  return outcome;
};

/** A signed-in person of this workspace, as `api/auth` would hand them over. */
async function personWith(email: string, roles: Role[], clearances: string[] = []): Promise<ReviewerScope> {
  const person = await db.prisma.person.create({
    data: { id: newId('person'), workspaceId, email, name: email, roles, clearances },
  });
  const scope = {
    kind: 'reviewer',
    workspaceId,
    personId: person.id,
    sessionId: 'ses_1',
    name: email,
    email,
  };
  return { ...scope, roles, clearances } as unknown as ReviewerScope;
}

/** Everything configuration consists of, and what was told about it. */
async function snapshot(): Promise<string> {
  const tables = [
    'person',
    '"group"',
    'group_member',
    'agent',
    'agent_key',
    'target',
    'tool',
    'audit_event',
    'session',
  ];
  const rows = await Promise.all(
    tables.map((table) =>
      fresh.pool.query(`SELECT * FROM ${table} WHERE workspace_id = $1 ORDER BY id`, [workspaceId]),
    ),
  );
  return JSON.stringify(
    rows.map((result) => result.rows),
    (_, v) => (typeof v === 'bigint' ? String(v) : v),
  );
}
const eventKinds = async (): Promise<string[]> =>
  (await db.prisma.auditEvent.findMany({ where: { workspaceId }, orderBy: { id: 'asc' } })).map(
    (e) => e.kind,
  );

describe('applying', () => {
  test('the document of the contract creates what it names and answers in the contract’s shape', async () => {
    const result = accepted(await apply(DOCUMENT));
    expect(result.changes.map((c) => `${c.kind} ${c.name} ${c.change}`)).toEqual([
      'person ana@example.com create',
      'person lee@example.com create',
      'group engineering create',
      'group platform create',
      'agent hr-assistant create',
      'target hr create',
      'tool hr.sql create',
      'tool send_email create',
    ]);
    expect(result.agents.map((a) => a.name)).toEqual(['hr-assistant']);
    const members = await fresh.pool.query(
      `SELECT g.name, p.email, n.name AS nested FROM group_member m JOIN "group" g ON g.id = m.group_id
       LEFT JOIN person p ON p.id = m.person_id LEFT JOIN "group" n ON n.id = m.member_group_id ORDER BY 1, 2`,
    );
    expect(members.rows).toEqual([
      { name: 'engineering', email: 'lee@example.com', nested: null },
      { name: 'engineering', email: null, nested: 'platform' },
      { name: 'platform', email: 'ana@example.com', nested: null },
    ]);
    const tool = await new Catalog(db, vault).getTool(workspaceId, 'hr.sql');
    expect(tool).toMatchObject({ kind: 'sql', target: { connection: CONNECTION, searchPath: ['public'] } });
  });

  test('the second time changes nothing and writes nothing, not even to the log', async () => {
    accepted(await apply(DOCUMENT));
    const before = await snapshot();
    const again = accepted(await apply(DOCUMENT, { prune: true }));
    expect(new Set(again.changes.map((c) => c.change))).toEqual(new Set(['unchanged']));
    expect(again.agents).toEqual([]);
    expect(await snapshot()).toBe(before);
    expect(inspected).toHaveLength(1);
  });

  test('a dry run answers the same changes and writes nothing', async () => {
    const before = await snapshot();
    const dry = accepted(await apply(DOCUMENT, { dryRun: true }));
    expect(await snapshot()).toBe(before);
    expect(dry.agents).toEqual([]);
    expect(accepted(await apply(DOCUMENT)).changes).toEqual(dry.changes);
  });

  test('every change has its event in the same commit, and the log holds no secret', async () => {
    const { agents } = accepted(await apply(DOCUMENT));
    const kinds = await eventKinds();
    expect(kinds.sort()).toEqual(
      [
        ...['person.created', 'person.created', 'group.created', 'group.created', 'agent.created'],
        ...['target.created', 'tool.created', 'tool.created', 'key.created', 'document.applied'],
      ].sort(),
    );
    const log = JSON.stringify(
      (await db.prisma.auditEvent.findMany({ where: { workspaceId } })).map((e) => e.data),
    );
    expect(log).not.toContain('s3cret-w0rd');
    expect(log).not.toContain(agents[0]?.key);
  });

  test('processes that hold the old configuration hear of it when it commits', async () => {
    const heard: unknown[] = [];
    const listener = await fresh.pool.connect();
    await listener.query('LISTEN holdpoint');
    const notified = new Promise<void>((resolve) =>
      listener.on('notification', (message) => {
        heard.push(JSON.parse(message.payload ?? ''));
        resolve();
      }),
    );
    accepted(await apply(DOCUMENT));
    await notified;
    listener.release(true);
    expect(heard).toEqual([{ w: workspaceId, c: 1 }]);
  });

  test('two applications of one document at the same instant create everything once', async () => {
    const results = await Promise.all([apply(DOCUMENT), apply(DOCUMENT), apply(DOCUMENT)]);
    const created = results.map((r) => accepted(r).changes.filter((c) => c.change === 'create').length);
    expect(created.sort()).toEqual([0, 0, 8]);
    expect(results.flatMap((r) => accepted(r).agents)).toHaveLength(1);
  });
});

describe('secrets', () => {
  test('the connection cannot be read from the row, and opens only for this target', async () => {
    accepted(await apply(DOCUMENT));
    const row = await db.prisma.target.findFirstOrThrow({ where: { workspaceId } });
    expect(row.address).toBe('hr_agent@localhost:5432/hr');
    expect(JSON.stringify(row)).not.toContain('s3cret-w0rd');
    expect(Buffer.from(row.sealedConnection).includes('s3cret-w0rd')).toBe(false);
    expect(Buffer.from(vault.open(row.sealedConnection, `target:${row.id}`)).toString()).toBe(CONNECTION);
    expect(() => vault.open(row.sealedConnection, 'target:tgt_other')).toThrow();
  });

  test('an agent’s key is answered once and only its hash is stored', async () => {
    const { agents } = accepted(await apply(DOCUMENT));
    const key = agents[0]?.key ?? '';
    const parsed = parseAgentKey(key);
    const row = await db.prisma.agentKey.findFirstOrThrow({ where: { workspaceId } });
    expect(row.id).toBe(parsed?.keyId);
    expect(Buffer.from(row.secretHash)).toEqual(parsed?.secretHash);
    const secret = key.split('_')[2] ?? '';
    expect(hashKeySecret(Buffer.from(secret, 'hex'))).toEqual(parsed?.secretHash);
    expect(await snapshot()).not.toContain(secret);
    expect(key.startsWith(row.prefix)).toBe(true);
  });

  test('a rotated password is an update that reseals and keeps the definition; another role is another definition', async () => {
    accepted(await apply(DOCUMENT));
    const hash = async () =>
      (await db.prisma.tool.findFirstOrThrow({ where: { name: 'hr.sql' } })).definitionHash;
    const before = await hash();
    const rotated = accepted(await apply(DOCUMENT.replace('s3cret-w0rd', 'n3w-word')));
    expect(rotated.changes.filter((c) => c.change !== 'unchanged')).toEqual([
      { kind: 'target', name: 'hr', change: 'update', detail: 'connection replaced' },
    ]);
    expect(await hash()).toBe(before);
    accepted(await apply(DOCUMENT.replace('hr_agent:', 'hr_admin:')));
    expect(await hash()).not.toBe(before);
    expect(await eventKinds()).toContain('tool.updated');
  });
});

describe('targets', () => {
  test('what inspecting finds becomes warnings and is kept with the target', async () => {
    check = {
      ...check,
      findings: [
        { severity: 'warning', code: 'b', message: 'no primary key on public.a' },
        { severity: 'info', code: 'c', message: 'PostgreSQL 18.4' },
        { severity: 'error', code: 'a', message: 'the role is a superuser' },
      ],
    };
    const { warnings } = accepted(await apply(DOCUMENT));
    expect(warnings.filter((w) => w.startsWith('Target'))).toEqual([
      'Target hr: the role is a superuser',
      'Target hr: no primary key on public.a',
    ]);
    const row = await db.prisma.target.findFirstOrThrow({ where: { workspaceId } });
    expect(row.check).toEqual(check);
    expect(row.checkedAt).not.toBeNull();
  });

  test('a target that cannot be reached is registered all the same, with a warning that says what to do', async () => {
    check = { reachable: false, serverVersion: null, role: null, findings: [], columns: [] };
    const { warnings } = accepted(await apply(DOCUMENT));
    expect(warnings.join()).toContain('could not be reached');
    expect(await db.prisma.target.count({ where: { workspaceId } })).toBe(1);
  });

  test('without its connection a known target keeps the one it has', async () => {
    accepted(await apply(DOCUMENT));
    const result = accepted(
      await apply(part({ targets: [{ name: 'hr', kind: 'postgres', searchPath: ['hr', 'public'] }] })),
    );
    expect(result.changes[0]).toMatchObject({ change: 'update', detail: 'search path +hr' });
    expect((await new Catalog(db, vault).getTool(workspaceId, 'hr.sql'))?.target?.connection).toBe(
      CONNECTION,
    );
    expect(inspected).toEqual([CONNECTION, CONNECTION]);
  });
});

describe('removing', () => {
  test('pruning suspends agents, disables people, removes targets and tools, and deletes no history', async () => {
    const owner = await personWith('owner@example.com', ['owner']);
    accepted(await applyDocument(deps(), owner, { document: DOCUMENT }));
    const lee = await db.prisma.person.findUniqueOrThrow({ where: { email: 'lee@example.com' } });
    await db.prisma.session.create({
      data: { id: 'ses_lee', workspaceId, personId: lee.id, expiresAt: new Date(Date.now() + 3_600_000) },
    });
    const rest = part({
      people: [{ email: 'owner@example.com' }],
      groups: [],
      agents: [],
      targets: [],
      tools: [],
    });
    const result = accepted(await applyDocument(deps(), owner, { document: rest, prune: true }));
    expect(result.changes.filter((c) => c.change === 'remove')).toHaveLength(8);
    expect(await db.prisma.agent.count({ where: { workspaceId, suspendedAt: { not: null } } })).toBe(1);
    expect(await db.prisma.agentKey.count({ where: { workspaceId } })).toBe(1);
    expect(await db.prisma.person.count({ where: { workspaceId, disabledAt: { not: null } } })).toBe(2);
    expect(await db.prisma.target.count({ where: { workspaceId, removedAt: { not: null } } })).toBe(1);
    expect(await db.prisma.tool.count({ where: { workspaceId, removedAt: { not: null } } })).toBe(2);
    expect(
      (await db.prisma.session.findUniqueOrThrow({ where: { id: 'ses_lee' } })).revokedAt,
    ).not.toBeNull();
    expect(await new Catalog(db, vault).listTools(workspaceId)).toEqual([]);
    const again = accepted(await applyDocument(deps(), owner, { document: rest, prune: true }));
    expect(again.changes.map((c) => c.change)).toEqual(['unchanged']);
  });

  test('naming removed things again brings them back, agents excepted: somebody has to resume them', async () => {
    const owner = await personWith('owner@example.com', ['owner']);
    accepted(await applyDocument(deps(), owner, { document: DOCUMENT }));
    const rest = part({
      people: [{ email: 'owner@example.com' }],
      groups: [],
      agents: [],
      targets: [],
      tools: [],
    });
    accepted(await applyDocument(deps(), owner, { document: rest, prune: true }));
    const back = accepted(await applyDocument(deps(), owner, { document: DOCUMENT }));
    expect(back.changes.find((c) => c.name === 'hr')).toMatchObject({
      change: 'create',
      detail: 'comes back',
    });
    expect(back.agents).toEqual([]);
    expect(back.warnings.join()).toContain('hr-assistant is suspended');
    expect(await new Catalog(db, vault).getTool(workspaceId, 'hr.sql')).not.toBeNull();
  });

  test('what the document leaves out stays when nobody asked to prune', async () => {
    accepted(await apply(DOCUMENT));
    accepted(await apply(part({ tools: [], people: [] })));
    expect(await db.prisma.tool.count({ where: { workspaceId, removedAt: null } })).toBe(2);
  });

  test('the last owner cannot be removed, and nothing of that document is applied', async () => {
    const owner = await personWith('owner@example.com', ['owner']);
    const document = part({ people: [{ email: 'new@example.com', roles: ['reviewer'] }], prune: true });
    const before = await snapshot();
    const refusal = refusalOf(await applyDocument(deps(), owner, { document }));
    expect(refusal).toMatchObject({ code: 'document_invalid', problems: [{ pointer: '/people' }] });
    expect(await snapshot()).toBe(before);
  });
});

describe('who may', () => {
  test.each([['reviewer'], ['auditor']] as const)('a %s cannot apply anything', async (role) => {
    const person = await personWith('p@example.com', [role]);
    const refusal = refusalOf(await applyDocument(deps(), person, { document: DOCUMENT, dryRun: true }));
    expect(refusal.code).toBe('forbidden');
  });

  test.each([
    ['make somebody an owner', { email: 'mate@example.com', roles: ['owner'] }],
    ['make somebody a security lead', { email: 'mate@example.com', roles: ['security_lead'] }],
    ['take an owner’s role away', { email: 'owner@example.com', roles: ['reviewer'] }],
    ['clear an owner for more', { email: 'owner@example.com', clearances: ['health'] }],
    ['give themselves a role', { email: 'lead@example.com', roles: ['security_lead', 'reviewer'] }],
    ['clear themselves for more', { email: 'lead@example.com', clearances: ['personal', 'health'] }],
    ['do so in capitals', { email: 'LEAD@example.com', clearances: ['personal', 'health'] }],
  ])('a security lead cannot %s, and nothing of that document is applied', async (_, entry) => {
    await personWith('owner@example.com', ['owner']);
    const lead = await personWith('lead@example.com', ['security_lead'], ['personal']);
    await personWith('mate@example.com', ['reviewer']);
    const before = await snapshot();
    const document = part({ people: [{ email: 'new@example.com', roles: ['reviewer'] }, entry] });
    const refusal = refusalOf(await applyDocument(deps(), lead, { document }));
    expect(refusal.code).toBe('forbidden');
    expect(refusal.problems?.[0]?.pointer).toMatch(/^\/people\/1/);
    expect(await snapshot()).toBe(before);
  });

  test('a security lead can do the rest: people below, groups, agents, targets, tools', async () => {
    await personWith('owner@example.com', ['owner']);
    const lead = await personWith('lead@example.com', ['security_lead'], ['personal']);
    const result = accepted(await applyDocument(deps(), lead, { document: DOCUMENT }));
    expect(result.changes.every((c) => c.change === 'create')).toBe(true);
    const events = await db.prisma.auditEvent.findMany({ where: { workspaceId } });
    expect(new Set(events.map((e) => e.actorId))).toEqual(new Set([lead.personId]));
  });

  test('an owner cannot raise themselves either: another owner does', async () => {
    const owner = await personWith('owner@example.com', ['owner'], ['personal']);
    const second = await personWith('second@example.com', ['owner']);
    const document = part({ people: [{ email: 'owner@example.com', clearances: ['personal', 'health'] }] });
    expect(refusalOf(await applyDocument(deps(), owner, { document })).code).toBe('forbidden');
    accepted(await applyDocument(deps(), second, { document }));
    expect(
      (await db.prisma.person.findUniqueOrThrow({ where: { email: 'owner@example.com' } })).clearances,
    ).toEqual(['health', 'personal']);
  });

  test('a document reaches its author’s workspace only', async () => {
    accepted(await apply(DOCUMENT));
    const before = await snapshot();
    const home = workspaceId;
    workspaceId = newId('workspace');
    await db.prisma.workspace.create({ data: { id: workspaceId, name: 'Other' } });
    const refusal = refusalOf(
      await apply(part({ people: [{ email: 'ana@example.com', roles: ['owner'] }] })),
    );
    expect(refusal.problems?.[0]?.pointer).toBe('/people/0/email');
    const rest = part({
      people: [{ email: 'x@example.com', roles: ['owner'] }],
      agents: [],
      tools: [],
      targets: [],
    });
    accepted(await apply(rest, { prune: true }));
    workspaceId = home;
    expect(await snapshot()).toBe(before);
  });
});

describe('bad documents', () => {
  test('YAML that is not well-formed is refused with its line and column', async () => {
    const refusal = refusalOf(await apply('apiVersion: holdpoint/v1\npeople: [\n  { email: a@b.co\n'));
    expect(refusal.code).toBe('document_invalid');
    expect(refusal.message).toMatch(/^Nothing was applied\. Line \d+, column \d+: /);
  });

  test('a problem in YAML names its line and column as well as its pointer', async () => {
    const refusal = refusalOf(
      await apply('apiVersion: holdpoint/v1\nagents:\n  - name: a\n    ownr: a@b.co\n'),
    );
    expect(refusal.problems).toEqual([
      {
        pointer: '/agents/0/ownr',
        message: '"ownr" is not known here; remove it or correct its spelling. (line 4, column 11)',
      },
    ]);
  });

  test('aliases that multiply are refused before they fill the memory', async () => {
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(', ')}]`,
    );
    expect(refusalOf(await apply(levels.join('\n'))).message).toMatch(/alias/i);
  });

  test('one problem anywhere leaves everything as it was', async () => {
    const before = await snapshot();
    const refusal = refusalOf(await apply(DOCUMENT.replace('owner: ana@', 'owner: nobody@')));
    expect(refusal.problems).toEqual([
      {
        pointer: '/agents/0/owner',
        message: 'Nobody has the address nobody@example.com. Add the person under people.',
      },
    ]);
    expect(await snapshot()).toBe(before);
    expect(inspected).toEqual([]);
  });
});
