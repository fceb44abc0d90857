import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createVault } from '@/server/adapters/vault/aes-gcm-vault';
import type { TargetParts } from '@/server/domain/catalog';
import type { TargetCheck } from '@/server/domain/ports';
import type { Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { addressOf } from '@/server/domain/target-parts';
import type { Role } from '@/server/domain/vocabulary';
import { type ApplyResult, applyDocument, type OperatorScope } from '@/server/operations/apply-document';
import { type Database, openDatabase } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { freshDatabase, type TestDatabase } from './database';
import { createWorkspace } from './identity';

/** With a password to look for where it must not be. */
export const CONNECTION = 'postgres://hr_agent:s3cret-w0rd@localhost:5432/hr';
export const DOCUMENT = `
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

/** What tests of applying documents work with; a workspace of its own for each test. `check` is what inspecting a target finds. */
export const desk = {} as {
  fresh: TestDatabase;
  db: Database;
  workspaceId: string;
  /** The connections that were inspected, in order. */
  inspected: string[];
  check: TargetCheck;
};
export const vault = createVault(randomBytes(32));

/** Opens the desk for the tests of one file. */
export function openDesk(): void {
  beforeAll(async () => {
    desk.fresh = await freshDatabase();
    desk.db = openDatabase(desk.fresh.url);
  });
  afterAll(async () => {
    await desk.db.close();
    await desk.fresh.drop();
  });
  beforeEach(async () => {
    // Addresses are unique over the installation: each test starts without people of others.
    await desk.fresh.pool.query('TRUNCATE person, workspace CASCADE');
    desk.workspaceId = await createWorkspace(desk.db);
    desk.inspected = [];
    desk.check = { reachable: true, serverVersion: '18.4', role: 'hr_agent', findings: [], columns: [] };
  });
}

const inspector = {
  inspect: async (target: TargetParts) => {
    desk.inspected.push(target.kind === 'postgres' ? target.connection : addressOf(target));
    return desk.check;
  },
};
const clock = { now: () => new Date() };

type Options = { dryRun?: boolean; prune?: boolean };

/** Applies a document as somebody, or as the operator of the machine. */
export function apply(
  document: unknown,
  options: Options = {},
  author: ReviewerScope | OperatorScope = {
    kind: 'operator',
    workspaceId: desk.workspaceId,
    name: 'operator',
  },
): Promise<Outcome<ApplyResult>> {
  return applyDocument({ db: desk.db, vault, clock, inspector }, author, { document, ...options });
}

export const part = (entries: object) => ({ apiVersion: 'holdpoint/v1', ...entries });

export function accepted(outcome: Outcome<ApplyResult>): ApplyResult {
  if (!outcome.ok) throw new Error(`${outcome.message} ${JSON.stringify(outcome.problems)}`);
  return outcome.value;
}

export function refusalOf(outcome: Outcome<ApplyResult>) {
  if (outcome.ok) throw new Error('it was accepted');
  return outcome;
}

/** A signed-in person of this workspace, as `api/auth` would hand them over. */
export async function personWith(
  email: string,
  roles: Role[],
  clearances: string[] = [],
): Promise<ReviewerScope> {
  const { workspaceId } = desk;
  const person = await desk.db.prisma.person.create({
    data: { id: newId('person'), workspaceId, email, name: email, roles, clearances },
  });
  const names = { personId: person.id, sessionId: 'ses_1', name: email, email };
  return { kind: 'reviewer', workspaceId, ...names, roles, clearances } as unknown as ReviewerScope;
}

/** Everything configuration consists of, and what was told about it. */
export async function snapshot(): Promise<string> {
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
      desk.fresh.pool.query(`SELECT * FROM ${table} WHERE workspace_id = $1 ORDER BY id`, [desk.workspaceId]),
    ),
  );
  return JSON.stringify(
    rows.map((result) => result.rows),
    (_, v) => (typeof v === 'bigint' ? String(v) : v),
  );
}

export async function eventKinds(): Promise<string[]> {
  const where = { workspaceId: desk.workspaceId };
  const events = await desk.db.prisma.auditEvent.findMany({ where, orderBy: { id: 'asc' } });
  return events.map((event) => event.kind);
}
