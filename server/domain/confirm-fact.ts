import type { BlastRadius } from './blast-radius';
import { PUBLISH_TOOL } from './publish-tool';

/** What a reviewer of a critical hold types before approving, so that attention reaches the fact that matters. */
export type ConfirmFact = { question: string; answer: string };

/**
 * The largest thing a critical action does; null for lower levels. It differs from action to action, so that typing it cannot become a habit.
 */
export function confirmFact(radius: BlastRadius | null, target: string | null): ConfirmFact | null {
  if (radius?.level !== 'critical') return null;
  if (target === PUBLISH_TOOL) {
    const answer = String((radius.rowsChanged ?? 0) + (radius.rowsDeleted ?? 0));
    return { question: 'How many policies does it add, change or remove?', answer };
  }
  const things = radius.things ?? 'rows';
  // What it reaches through others stands apart on the page: nobody should have to add up.
  const further: [number | null, string][] =
    (radius.rowsReachedIndirectly ?? 1) > (radius.people ?? 0)
      ? [[radius.rowsReachedIndirectly, `How many ${things} does it reach through others?`]]
      : [];
  const direct: [number | null, string][] =
    radius.rowsReachedIndirectly === 0
      ? [[radius.rowsDeleted, `How many ${things} does it delete?`]]
      : further;
  const facts: [number | null, string][] = [
    ...direct,
    [radius.people, 'How many people is it about?'],
    [radius.lacking, 'How many people without clearance would see data because of it?'],
    [radius.audience, 'How many people would see data because of it?'],
    [radius.rowsChanged, `How many ${things} does it change?`],
  ];
  const { rowsDeleted, rowsReachedIndirectly } = radius;
  const counts = [rowsDeleted, rowsReachedIndirectly, ...facts.map(([count]) => count)];
  if (radius.unknowns > 0 && counts.includes(null)) {
    return {
      question: 'Its size could not be measured. Type “unknown” to say you accept that.',
      answer: 'unknown',
    };
  }
  const known = facts.find(([count]) => count !== null && count > 0);
  if (known) return { question: known[1], answer: String(known[0]) };
  return target === null ? null : { question: 'What is the name of its target?', answer: target };
}

/** Whether what was typed is the fact, however a person writes numbers (`1,204`, `1 204`, `1.204`). */
export function confirms(typed: string, fact: ConfirmFact): boolean {
  const plain = typed.trim().toLowerCase();
  const answer = fact.answer.toLowerCase();
  return plain === answer || (/^\d+$/.test(answer) && plain.replace(/[\s,.'’_]/g, '') === answer);
}
