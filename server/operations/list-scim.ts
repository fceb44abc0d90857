import type { ScimLookup } from '@/server/domain/scim-lookup';
import { renderGroup, renderPerson } from '@/server/domain/scim-render';
import { ScimFault, type ScimJson } from '@/server/domain/scim-shapes';
import type { ScimScope } from '@/server/domain/scopes';
import { findScimGroup, listScimGroups } from '@/server/store/scim-groups';
import { findScimPerson, listScimPeople } from '@/server/store/scim-people';
import type { Deps } from './deps';
import { scimBase } from './save-scim-person';
import { readScimFilter, type ScimFilter } from './scim-filter';

type ScimDeps = Pick<Deps, 'db' | 'url'>;
export type ScimType = 'Users' | 'Groups';
export type ScimQuery = { filter: string | null; startIndex: number; count: number };
export type ScimPage = { resources: ScimJson[]; total: number; startIndex: number };

/** More than this is not searched by anything but the attributes with an index. */
const SCANNED_MAX = 20_000;
export const SCIM_PAGE_MAX = 200;

type List = (page: { simple: ScimLookup | null; skip: number; take: number }) => Promise<{
  rows: ScimJson[];
  total: number;
}>;

function listerOf(deps: ScimDeps, scope: ScimScope, type: ScimType): List {
  const base = scimBase(deps.url);
  if (type === 'Users') {
    return async (page) => {
      const { rows, total } = await listScimPeople(deps.db, scope.workspaceId, page);
      return { rows: rows.map((row) => renderPerson(row, base)), total };
    };
  }
  return async (page) => {
    const { rows, total } = await listScimGroups(deps.db, scope.workspaceId, page);
    return { rows: rows.map((row) => renderGroup(row, base)), total };
  };
}

async function scan(list: List, filter: ScimFilter): Promise<ScimJson[]> {
  const { rows, total } = await list({ simple: null, skip: 0, take: SCANNED_MAX });
  if (total > SCANNED_MAX) {
    throw new ScimFault(
      400,
      'tooMany',
      'Too many to search by this filter. Filter by userName, externalId, displayName or id.',
    );
  }
  return rows.filter((row) => filter.matches(row));
}

/** One page of users or groups in a stable order; `startIndex` counts from 1, a page holds at most 200. Throws `ScimFault`. */
export async function listScim(
  deps: ScimDeps,
  scope: ScimScope,
  type: ScimType,
  query: ScimQuery,
): Promise<ScimPage> {
  const list = listerOf(deps, scope, type);
  const filter = query.filter === null ? null : readScimFilter(query.filter);
  const startIndex = Math.max(1, query.startIndex);
  const take = Math.min(Math.max(0, query.count), SCIM_PAGE_MAX);
  if (filter !== null && filter.simple === null) {
    const found = await scan(list, filter);
    return { resources: found.slice(startIndex - 1, startIndex - 1 + take), total: found.length, startIndex };
  }
  const { rows, total } = await list({ simple: filter?.simple ?? null, skip: startIndex - 1, take });
  return { resources: rows, total, startIndex };
}

/** One user or group. Throws `ScimFault` when this workspace's provider has none by that id. */
export async function getScim(
  deps: ScimDeps,
  scope: ScimScope,
  type: ScimType,
  id: string,
): Promise<ScimJson> {
  const base = scimBase(deps.url);
  if (type === 'Users') {
    const person = await findScimPerson(deps.db.prisma, scope.workspaceId, id);
    if (person !== null) return renderPerson(person, base);
  } else {
    const group = await findScimGroup(deps.db.prisma, scope.workspaceId, id);
    if (group !== null) return renderGroup(group, base);
  }
  throw new ScimFault(404, null, `There is no ${type === 'Users' ? 'user' : 'group'} with this id.`);
}
