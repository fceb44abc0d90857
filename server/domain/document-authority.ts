import type { InputProblem } from './refusal';
import type { Role } from './vocabulary';
import { type Change, type ChangeFor, changesOf, type PersonState } from './workspace-state';

/** Who applies a document. `email` is null for the operator at the machine itself, who owns what it runs on. */
export type DocumentAuthor = { email: string | null; roles: readonly Role[] };

const POWERFUL: readonly Role[] = ['owner', 'security_lead'];
const isPowerful = (person: PersonState | null): boolean =>
  person?.roles.some((role) => POWERFUL.includes(role)) ?? false;

/**
 * What this author must not do, however valid the document: nobody gives themselves more, and only owners decide who is an owner or a
 * security lead. One entry here refuses the whole document.
 */
export function findOverreach(changes: readonly Change[], author: DocumentAuthor): InputProblem[] {
  if (author.email === null) return [];
  return changesOf(changes, 'person').flatMap((change) => [
    ...aboutOneself(change, author),
    ...aboutPower(change, author),
  ]);
}

function aboutOneself(change: ChangeFor<'person'>, author: DocumentAuthor): InputProblem[] {
  if (change.name !== author.email || change.after === null) return [];
  const roles = added(change.before?.roles, change.after.roles);
  const clearances = added(change.before?.clearances, change.after.clearances);
  const ask = 'Ask another owner to do it.';
  return [
    ...(roles.length === 0
      ? []
      : [
          {
            pointer: `${change.pointer}/roles`,
            message: `You cannot give yourself the role ${roles.join(', ')}. ${ask}`,
          },
        ]),
    ...(clearances.length === 0
      ? []
      : [
          {
            pointer: `${change.pointer}/clearances`,
            message: `You cannot clear yourself for ${clearances.join(', ')}. ${ask}`,
          },
        ]),
  ];
}

const added = <T>(before: readonly T[] | undefined, after: readonly T[]): T[] =>
  after.filter((value) => !(before ?? []).includes(value));

function aboutPower(change: ChangeFor<'person'>, author: DocumentAuthor): InputProblem[] {
  if (author.roles.includes('owner') || change.change === 'unchanged') return [];
  if (!isPowerful(change.before) && !isPowerful(change.after)) return [];
  return [
    {
      pointer: change.pointer,
      message: `Only an owner can add, change or remove owners and security leads (${change.name}). Ask an owner to apply this.`,
    },
  ];
}
