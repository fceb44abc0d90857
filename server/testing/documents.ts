import { diffDocument } from '@/server/domain/document-diff';
import { parseDocument, type WorkspaceDocument } from '@/server/domain/workspace-document';
import type { Change, WorkspaceState } from '@/server/domain/workspace-state';

/** A workspace before anything was declared. */
export const EMPTY: WorkspaceState = {
  directory: { domains: [] },
  people: [],
  groups: [],
  agents: [],
  targets: [],
  tools: [],
};
/** The example of the contract, with a secret to look for. */
export const CONTRACT = {
  apiVersion: 'holdpoint/v1',
  people: [
    {
      email: 'Ana@Example.com',
      name: 'Ana Ruiz',
      clearances: ['personal', 'financial'],
      roles: ['reviewer'],
    },
    { email: 'lee@example.com', name: 'Lee' },
  ],
  groups: [
    { name: 'payroll-reviewers', members: ['ana@example.com'] },
    { name: 'engineering', members: [{ group: 'platform' }, 'lee@example.com'] },
    { name: 'platform', members: [] },
  ],
  agents: [{ name: 'hr-assistant', owner: 'ana@example.com', clearances: ['internal'] }],
  targets: [
    {
      name: 'hr',
      kind: 'postgres',
      connection: 'postgres://hr_agent:s3cret@localhost:5432/hr',
      searchPath: ['public'],
      classifications: { 'public.employees.salary': 'financial', 'public.departments.*': 'internal' },
      subjects: { 'public.employees': 'employee_id', 'public.payslips': 'employee_id -> public.employees' },
    },
  ],
  tools: [
    { name: 'hr.sql', target: 'hr', kind: 'sql', execution: 'broker' },
    {
      name: 'send_email',
      execution: 'agent',
      inputSchema: { type: 'object', required: ['body'], properties: { body: { type: 'string' } } },
      effects: [{ effect: 'send', audience: '$.recipients[*]', content: '$.body' }],
    },
  ],
};

export const read = (value: unknown): WorkspaceDocument => {
  const parsed = parseDocument(value);
  if (!parsed.ok) throw new Error(`${parsed.message} ${JSON.stringify(parsed.problems)}`);
  return parsed.value;
};
export const plan = (value: unknown, current = EMPTY, prune = false) =>
  diffDocument(current, read(value), { prune });
export const words = (changes: readonly Change[]) => changes.map((c) => `${c.kind} ${c.name} ${c.change}`);

/** What the store makes of changes: the model the database tests hold the real one against. */
export function applied(current: WorkspaceState, changes: readonly Change[]): WorkspaceState {
  const merge = <S extends object>(states: readonly S[], kind: Change['kind'], nameOf: (s: S) => string) => {
    const next = new Map(states.map((s) => [nameOf(s), s]));
    for (const change of changes.filter((c) => c.kind === kind)) {
      const before = next.get(change.name);
      if (change.after !== null) next.set(change.name, change.after as unknown as S);
      else if (kind === 'group') next.delete(change.name);
      else if (before !== undefined)
        next.set(change.name, { ...before, ...(kind === 'agent' ? { suspended: true } : { gone: true }) });
    }
    return [...next.values()];
  };
  const domains = changes.find((c) => c.kind === 'directory')?.after;
  return {
    directory: (domains as WorkspaceState['directory'] | undefined) ?? current.directory,
    people: merge(current.people, 'person', (s) => s.email),
    groups: merge(current.groups, 'group', (s) => s.name),
    agents: merge(current.agents, 'agent', (s) => s.name),
    targets: merge(current.targets, 'target', (s) => s.name),
    tools: merge(current.tools, 'tool', (s) => s.name),
  };
}
