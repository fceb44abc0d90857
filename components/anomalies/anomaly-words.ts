import type { AnomalyRule } from '@/server/domain/anomaly';

type Words = { title: string; says: string; unit: string };

/** What each rule looks at, as a person says it. */
export const RULE_WORDS: Readonly<Record<AnomalyRule['rule'], Words>> = {
  denied: { title: 'Denied calls', says: 'More calls denied by policy in five minutes than', unit: 'calls' },
  burst: { title: 'A burst', says: 'More actions planned in a minute than', unit: 'actions' },
  new_audience: {
    title: 'New audience',
    says: 'More addresses outside reached for the first time in five minutes than',
    unit: 'addresses',
  },
  ledger: {
    title: 'Much learnt',
    says: 'It comes to know data of more people in five minutes than',
    unit: 'people',
  },
  canary: {
    title: 'Canaries',
    says: 'It plans to touch one of these, which nothing has a reason to touch',
    unit: '',
  },
};

export const MODE_WORDS: Readonly<Record<AnomalyRule['mode'], string>> = {
  off: 'Do nothing',
  propose: 'Tell people',
  engage: 'Halt the agent',
};
