import { describe, expect, test } from 'vitest';
import { hashKeySecret, parseAgentKey } from '@/server/domain/agent-key';
import { Catalog } from '@/server/store/catalog-cache';
import {
  accepted,
  apply,
  CONNECTION,
  DOCUMENT,
  desk,
  eventKinds,
  openDesk,
  part,
  refusalOf,
  snapshot,
  vault,
} from '@/server/testing/apply-desk';

openDesk();

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
    const members = await desk.fresh.pool.query(
      `SELECT g.name, p.email, n.name AS nested FROM group_member m JOIN "group" g ON g.id = m.group_id
       LEFT JOIN person p ON p.id = m.person_id LEFT JOIN "group" n ON n.id = m.member_group_id ORDER BY 1, 2`,
    );
    expect(members.rows).toEqual([
      { name: 'engineering', email: 'lee@example.com', nested: null },
      { name: 'engineering', email: null, nested: 'platform' },
      { name: 'platform', email: 'ana@example.com', nested: null },
    ]);
    const tool = await new Catalog(desk.db, vault).getTool(desk.workspaceId, 'hr.sql');
    expect(tool).toMatchObject({ kind: 'sql', target: { connection: CONNECTION, searchPath: ['public'] } });
  });

  test('the second time changes nothing and writes nothing, not even to the log', async () => {
    accepted(await apply(DOCUMENT));
    const before = await snapshot();
    const again = accepted(await apply(DOCUMENT, { prune: true }));
    expect(new Set(again.changes.map((c) => c.change))).toEqual(new Set(['unchanged']));
    expect(again.agents).toEqual([]);
    expect(await snapshot()).toBe(before);
    expect(desk.inspected).toHaveLength(1);
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
      (await desk.db.prisma.auditEvent.findMany({ where: { workspaceId: desk.workspaceId } })).map(
        (e) => e.data,
      ),
    );
    expect(log).not.toContain('s3cret-w0rd');
    expect(log).not.toContain(agents[0]?.key);
  });

  test('processes that hold the old configuration hear of it when it commits', async () => {
    const heard: unknown[] = [];
    const listener = await desk.fresh.pool.connect();
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
    expect(heard).toEqual([{ w: desk.workspaceId, c: 1 }]);
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
    const row = await desk.db.prisma.target.findFirstOrThrow({ where: { workspaceId: desk.workspaceId } });
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
    const row = await desk.db.prisma.agentKey.findFirstOrThrow({ where: { workspaceId: desk.workspaceId } });
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
      (await desk.db.prisma.tool.findFirstOrThrow({ where: { name: 'hr.sql' } })).definitionHash;
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
    desk.check = {
      ...desk.check,
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
    const row = await desk.db.prisma.target.findFirstOrThrow({ where: { workspaceId: desk.workspaceId } });
    expect(row.check).toEqual(desk.check);
    expect(row.checkedAt).not.toBeNull();
  });

  test('a target that cannot be reached is registered all the same, with a warning that says what to do', async () => {
    desk.check = { reachable: false, serverVersion: null, role: null, findings: [], columns: [] };
    const { warnings } = accepted(await apply(DOCUMENT));
    expect(warnings.join()).toContain('could not be reached');
    expect(await desk.db.prisma.target.count({ where: { workspaceId: desk.workspaceId } })).toBe(1);
  });

  test('without its connection a known target keeps the one it has', async () => {
    accepted(await apply(DOCUMENT));
    const result = accepted(
      await apply(part({ targets: [{ name: 'hr', kind: 'postgres', searchPath: ['hr', 'public'] }] })),
    );
    expect(result.changes[0]).toMatchObject({ change: 'update', detail: 'search path +hr' });
    expect((await new Catalog(desk.db, vault).getTool(desk.workspaceId, 'hr.sql'))?.target).toMatchObject({
      connection: CONNECTION,
    });
    expect(desk.inspected).toEqual([CONNECTION, CONNECTION]);
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
    expect(desk.inspected).toEqual([]);
  });
});
