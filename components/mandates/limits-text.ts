import type { MandateLimits } from '@/server/domain/mandate';

/** The lists of a mandate and what they are called on screens. */
export const LISTS = [
  { key: 'tools', label: 'Tools', hint: 'Names of tools, one a line. Empty: any.' },
  { key: 'targets', label: 'Targets', hint: 'Names of targets, one a line. Empty: any.' },
  { key: 'classes', label: 'Data', hint: 'Classes beside public and internal, one a line. Empty: any.' },
  {
    key: 'audience',
    label: 'Who may see what it sends',
    hint: 'Addresses, @domain, names of groups or people, one a line. Empty: anybody.',
  },
] as const;

/** The budget of a mandate over the whole run. */
export const BUDGETS = [
  { key: 'calls', label: 'Calls' },
  { key: 'rows', label: 'Rows' },
  { key: 'people', label: 'People' },
  { key: 'money', label: 'Money' },
] as const;

/** Limits as somebody typed them; an empty field limits nothing. */
export function readLimits(fields: FormData): MandateLimits {
  const limits: MandateLimits = {};
  for (const { key } of LISTS) {
    const lines = String(fields.get(key) ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (lines.length > 0) limits[key] = lines;
  }
  const budget: NonNullable<MandateLimits['budget']> = {};
  for (const { key } of BUDGETS) {
    const typed = String(fields.get(key) ?? '').trim();
    if (typed !== '') budget[key] = Number(typed);
  }
  return Object.keys(budget).length > 0 ? { ...limits, budget } : limits;
}
