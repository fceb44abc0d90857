/** Prefixes of ids (TypeID: prefix + UUIDv7 in base32, so ids sort by time). Made by `server/store/new-id.ts`. */
export const ID_PREFIXES = {
  workspace: 'ws',
  person: 'per',
  session: 'ses',
  group: 'grp',
  member: 'mem',
  agent: 'agt',
  key: 'key',
  target: 'tgt',
  tool: 'tol',
  definition: 'def',
  run: 'run',
  action: 'act',
  decision: 'dec',
  release: 'rel',
  reveal: 'rev',
  halt: 'hlt',
  observation: 'obs',
  scimToken: 'sct',
  draft: 'dft',
  backtest: 'bkt',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;
