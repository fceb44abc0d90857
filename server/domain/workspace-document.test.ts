import { expect, test } from 'vitest';
import { CONTRACT, read } from '@/server/testing/documents';
import { parseDocument } from './workspace-document';

const pointersOf = (value: unknown): string[] => {
  const parsed = parseDocument(value);
  return parsed.ok ? [] : (parsed.problems ?? []).map((p) => p.pointer);
};

test('the document of the contract is understood, addresses in lower case', () => {
  expect(read(CONTRACT).people?.[0]?.email).toBe('ana@example.com');
});

test.each([
  ['another version', { ...CONTRACT, apiVersion: 'v2' }, '/apiVersion'],
  ['an unknown section', { ...CONTRACT, robots: [] }, '/robots'],
  [
    'an unknown field',
    { ...CONTRACT, agents: [{ name: 'a', owner: 'a@b.co', admin: true }] },
    '/agents/0/admin',
  ],
  [
    'a member that is neither',
    { ...CONTRACT, groups: [{ name: 'g', members: [{ grp: 'x' }] }] },
    '/groups/0/members/0',
  ],
  ['an unknown role', { ...CONTRACT, people: [{ email: 'a@b.co', roles: ['god'] }] }, '/people/0/roles/0'],
  [
    'a name that lies about its direction',
    { ...CONTRACT, people: [{ email: 'a@b.co', name: 'Ana \u202Egro' }] },
    '/people/0/name',
  ],
  [
    'a broken JSONPath',
    { ...CONTRACT, tools: [{ name: 't', effects: [{ effect: 'send', audience: 'recipients' }] }] },
    '/tools/0/effects/0/audience',
  ],
  [
    'a JSONPath with a backtracking filter',
    {
      ...CONTRACT,
      tools: [{ name: 't', effects: [{ effect: 'send', audience: '$[?search(@.a, "(a+)+")]' }] }],
    },
    '/tools/0/effects/0/audience',
  ],
  [
    'a column without its table',
    { ...CONTRACT, targets: [{ name: 't', kind: 'postgres', classifications: { salary: 'financial' } }] },
    '/targets/0/classifications/salary',
  ],
  [
    'a subject path of another shape',
    { ...CONTRACT, targets: [{ name: 't', kind: 'postgres', subjects: { 'public.a': 'b => c' } }] },
    '/targets/0/subjects/public.a',
  ],
  ['another kind of target', { ...CONTRACT, targets: [{ name: 't', kind: 'mysql' }] }, '/targets/0/kind'],
  ['no object at all', 'nonsense', ''],
])('%s is an error at its place', (_, value, pointer) => {
  expect(pointersOf(value)).toEqual([pointer]);
});
