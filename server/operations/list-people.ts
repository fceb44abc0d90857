import type { GroupListItem, Page, PersonListItem } from '@/server/domain/catalog-views';
import type { Outcome } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { listGroupRows, listPeopleRows } from '@/server/store/people-views';
import { isAdministrator } from './administrators';
import type { Deps } from './deps';
import { type PageInput, pageByName } from './page-input';

/** One page of the workspace's people by address. Who is signed in where is for administrators and for oneself. */
export function listPeople(
  deps: Pick<Deps, 'db' | 'clock'>,
  viewer: ReviewerScope,
  input: PageInput,
): Promise<Outcome<Page<PersonListItem>>> {
  const now = deps.clock.now();
  const list = async (page: Parameters<typeof listPeopleRows>[2]): Promise<PersonListItem[]> =>
    (await listPeopleRows(deps.db, viewer.workspaceId, page, now)).map((person) =>
      isAdministrator(viewer) || person.personId === viewer.personId ? person : { ...person, sessions: null },
    );
  return pageByName(input, list, (person) => person.email);
}

/** One page of the workspace's groups by name, with their direct members. */
export function listGroups(
  deps: Pick<Deps, 'db'>,
  viewer: ReviewerScope,
  input: PageInput,
): Promise<Outcome<Page<GroupListItem>>> {
  return pageByName(
    input,
    (page) => listGroupRows(deps.db, viewer.workspaceId, page),
    (group) => group.name,
  );
}
