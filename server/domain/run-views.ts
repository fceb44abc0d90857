import type { MandateLimits, Spent } from './mandate';
import type { Status } from './status';
import type { Classification, Operation } from './vocabulary';

/** One run in the list. Its goal is the agent's words: show as inert text. */
export type RunListItem = {
  runId: string;
  goal: string;
  agent: { id: string; name: string };
  onBehalfOf: string | null;
  startedAt: string;
  finishedAt: string | null;
  /** Its planned actions, and of the latest those that wait for a person; both counted to `cap`. */
  steps: number;
  held: number;
  cap: number;
  lastStepAt: string | null;
};
export type RunPage = { items: RunListItem[]; nextCursor: string | null };

/** What the executed steps of a run did to one resource, added up. */
export type RunTouched = {
  resource: string;
  operation: Operation;
  /** Steps that did this. */
  steps: number;
  /** The sum of what could be counted; with `uncounted` above zero it is more than that. */
  count: number;
  uncounted: number;
  /** Whether every number in the sum was measured. */
  measured: boolean;
  classes: Classification[];
};

/** That the agent reported what a tool answered. What it answered is not shown: nobody has classified it. */
export type ObservationView = {
  observationId: string;
  tool: string;
  at: string;
  trusted: boolean;
  characters: number;
};

export type RunDetail = {
  runId: string;
  externalId: string | null;
  agent: { id: string; name: string };
  owner: { id: string; name: string };
  /** As the agent wrote it, and the person of this workspace it names, if any. */
  onBehalfOf: { text: string; person: string | null } | null;
  /** The agent's words. */
  goal: string;
  mandate: unknown;
  /** The mandate in force: what it allows, who granted it (null: only asked for), what was spent of it. */
  inForce: {
    limits: MandateLimits;
    by: string | null;
    expiresAt: string | null;
    endedAt: string | null;
    spent: Spent;
  } | null;
  /** Whether whoever looks may grant it: somebody else than the agent's owner and the person it runs for. */
  mayGrant: boolean;
  outcome: string | null;
  startedAt: string;
  finishedAt: string | null;
  /** How many steps stand in which state, counted over the latest `cap`. */
  statuses: { status: Status; steps: number }[];
  steps: number;
  /** Over the latest `cap` executed steps. */
  touched: RunTouched[];
  /** The steps' distinct data subjects added up: one person in two steps counts twice. Null when a step's are not known. */
  people: number | null;
  cap: number;
  observations: ObservationView[];
  /** Counted to `cap`; the list holds the latest only. */
  observed: number;
  /** The halt that stops this run alone, while it is in force. */
  halt: { haltId: string; by: string; reason: string; at: string } | null;
};
