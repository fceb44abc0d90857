import type { BlastRadius } from '@/server/domain/blast-radius';

export type FactToType = { question: string; answer: string };

/**
 * The one fact a reviewer of a critical hold types before approving: the largest thing it does. It differs from action to action, so that it
 * cannot become a habit; null for lower levels.
 */
export function factToType(radius: BlastRadius | null, target: string | null): FactToType | null {
  if (radius?.level !== 'critical') return null;
  const facts: [number | null, string][] = [
    [radius.rowsDeleted, 'How many rows does it delete?'],
    [radius.people, 'How many people is it about?'],
    [radius.audience, 'How many people would see data because of it?'],
    [radius.rowsChanged, 'How many rows does it change?'],
  ];
  const known = facts.find(([count]) => count !== null && count > 0);
  if (radius.unknowns > 0 && facts.some(([count]) => count === null)) {
    return {
      question: 'Its size could not be measured. Type “unknown” to say you accept that.',
      answer: 'unknown',
    };
  }
  if (known) return { question: known[1], answer: String(known[0]) };
  return target ? { question: 'What is the name of its target?', answer: target } : null;
}

/** Whether what was typed is the fact, however a person writes numbers (`1,204`, `1 204`, `1.204`). */
export function isTheFact(typed: string, fact: FactToType): boolean {
  const plain = typed.trim().toLowerCase();
  const answer = fact.answer.toLowerCase();
  return plain === answer || (/^\d+$/.test(answer) && plain.replace(/[\s,.'’_]/g, '') === answer);
}
