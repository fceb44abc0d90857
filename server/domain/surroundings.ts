import type { Directory } from './directory';
import type { Mandate } from './mandate';
import type { OriginSources } from './origins';
import type { Classification } from './vocabulary';

/** What a run was asked and has come across so far, up to the call being measured. */
export type RunSoFar = {
  id: string;
  /** The person it runs for, when that is somebody of the workspace. */
  onBehalfOfId: string | null;
  sources: OriginSources;
  /** Classes of what it has read, and through which tool first. */
  labels: readonly { class: Classification; tool: string }[];
  /** The mandate it works under; null when it asked for none and nobody gave it one. */
  mandate: Mandate | null;
  /** Grows with everything the run comes across: what was judged by an older one is judged again. */
  revision: number;
  /** Older results were left out because there are too many, or too large ones: what is not found may stand in them. */
  resultsCut: boolean;
};

/** What is known around a call when it is measured. Read once for each measurement; what matters of it is frozen into the footprint. */
export type Surroundings = { directory: Directory; run: RunSoFar | null };

export const NOWHERE: Surroundings = {
  directory: { people: new Map(), groups: new Map(), agents: new Map(), domains: new Set(), syncedAt: null },
  run: null,
};
