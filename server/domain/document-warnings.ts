import type { Effect } from './catalog';
import { adviseOn } from './effect-advice';
import { CLASSIFICATIONS } from './vocabulary';
import { type Change, changesOf, type TargetState, type WorkspaceState } from './workspace-state';

/** What an operator should know although nothing is wrong; each says what to do about it. */
export function findWarnings(current: WorkspaceState, changes: readonly Change[]): string[] {
  return [
    ...aboutNewPeople(changes),
    ...aboutAgents(changes),
    ...aboutClasses(changes),
    ...aboutTools(current, changes),
    ...aboutEffects(changes),
  ];
}

function aboutNewPeople(changes: readonly Change[]): string[] {
  const created = changesOf(changes, 'person').filter(
    (change) => change.change === 'create' && (change.after?.roles.length ?? 0) > 0,
  );
  if (created.length === 0) return [];
  const names = created.slice(0, 3).map((change) => change.name);
  const more = created.length > 3 ? ` and ${created.length - 3} more` : '';
  return [`${names.join(', ')}${more} cannot sign in yet: invite them from the People page.`];
}

function aboutAgents(changes: readonly Change[]): string[] {
  return changesOf(changes, 'agent').flatMap((change) =>
    change.after?.suspended === true
      ? [`The agent ${change.name} is suspended and stays so: resume it on its page when you know why.`]
      : [],
  );
}

/** A misspelled class is a class of its own that nobody is cleared for: safe, and never what was meant. */
function aboutClasses(changes: readonly Change[]): string[] {
  const known = new Set<string>(CLASSIFICATIONS);
  const used = new Map<string, string>();
  for (const change of changes) {
    if (change.change === 'unchanged' || change.after === null) continue;
    for (const word of classesIn(change)) {
      if (!known.has(word) && !used.has(word)) used.set(word, `${change.kind} ${change.name}`);
    }
  }
  return [...used].map(
    ([word, where]) =>
      `"${word}" (${where}) is a classification of your own and counts as sensitive. Known ones: ${CLASSIFICATIONS.join(', ')}.`,
  );
}

function classesIn(change: Change): readonly string[] {
  switch (change.kind) {
    case 'person':
    case 'agent':
      return change.after?.clearances ?? [];
    case 'target':
      return change.after === null ? [] : classesOfTarget(change.after);
    case 'tool':
      return change.after?.effects.flatMap(classesOfEffect) ?? [];
    case 'group':
    case 'directory':
      return [];
  }
}

const classesOfEffect = ({ classes, classesBy }: Effect): string[] => [
  ...(classes ?? []),
  ...Object.values(classesBy?.map ?? {}).flat(),
  ...(classesBy?.otherwise ?? []),
];

/** Effects that can never find what they look for: held for ever, and never what was meant. */
function aboutEffects(changes: readonly Change[]): string[] {
  return changesOf(changes, 'tool').flatMap(({ change, name, after }) => {
    if (after === null || change === 'unchanged') return [];
    return after.effects.flatMap((effect, index) =>
      adviseOn(effect, after.inputSchema)
        .filter((advice) => advice.certain)
        .map((advice) => `The tool ${name}, effect ${index + 1} (${effect.effect}): ${advice.message}`),
    );
  });
}

function classesOfTarget(target: TargetState): readonly string[] {
  if (target.kind === 'postgres') return Object.values(target.classifications);
  if (target.kind === 'files') return Object.values(target.classes);
  return Object.values(target.operations).flatMap((rule) => [
    ...(rule.classes ?? []),
    ...(rule.returns ?? []),
  ]);
}

function aboutTools(current: WorkspaceState, changes: readonly Change[]): string[] {
  const undeclared = changesOf(changes, 'tool').flatMap((change) =>
    (change.change === 'create' || change.change === 'update') &&
    change.after?.kind === 'custom' &&
    change.after.effects.length === 0
      ? [
          `The tool ${change.name} declares no effects, so every call of it is held. Describe what it does under effects.`,
        ]
      : [],
  );
  const redefined = changesOf(changes, 'target').flatMap((change) => {
    const users = current.tools.filter((tool) => !tool.gone && tool.target === change.name);
    if (change.change !== 'update' || users.length === 0) return [];
    const names = users.map((tool) => tool.name).join(', ');
    return [`The target ${change.name} changed: what was planned with ${names} before is measured again.`];
  });
  return [...undeclared, ...redefined];
}
