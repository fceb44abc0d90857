export const ANOMALY_RULES = ['denied', 'burst', 'new_audience', 'ledger', 'canary'] as const;
export type AnomalyRuleName = (typeof ANOMALY_RULES)[number];
export const ANOMALY_MODES = ['off', 'propose', 'engage'] as const;
export type AnomalyMode = (typeof ANOMALY_MODES)[number];

export type AnomalyRule = {
  rule: AnomalyRuleName;
  mode: AnomalyMode;
  /** What is found has to be more than this. */
  bound: number;
  /** Canaries only. */
  resources: string[];
};

/** As it ships: a halt is proposed, not engaged, but for canaries, which nothing has a reason to touch. Without resources there are none. */
export const DEFAULT_RULES: readonly AnomalyRule[] = [
  { rule: 'denied', mode: 'propose', bound: 5, resources: [] },
  { rule: 'burst', mode: 'propose', bound: 600, resources: [] },
  { rule: 'new_audience', mode: 'propose', bound: 5, resources: [] },
  { rule: 'ledger', mode: 'propose', bound: 2_000, resources: [] },
  { rule: 'canary', mode: 'engage', bound: 0, resources: [] },
];

const many = (n: number, one: string, more: string): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : more}`;

/** What was found, as a person says it. */
export function anomalyWords(rule: AnomalyRuleName, found: number): string {
  switch (rule) {
    case 'denied':
      return `${many(found, 'call', 'calls')} denied by policy within five minutes`;
    case 'burst':
      return `${many(found, 'action', 'actions')} planned within a minute`;
    case 'new_audience':
      return `${many(found, 'address', 'addresses')} outside reached for the first time within five minutes`;
    case 'ledger':
      return `It came to know data of ${many(found, 'person', 'people')} within five minutes`;
    case 'canary':
      return 'It touched a canary: data that nothing has a reason to touch';
  }
}
