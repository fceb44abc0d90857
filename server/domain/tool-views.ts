import type { BlastRadius } from './blast-radius';
import type { Effect } from './catalog';
import type { NamedRef, ToolListItem } from './catalog-views';
import type { PinnedDefinition } from './definition-hash';
import type { EffectDraft } from './draft-effects';
import type { EffectAdvice } from './effect-advice';
import type { Footprint } from './footprint';
import type { InputProblem } from './refusal';
import type { SchemaPath } from './schema-paths';
import type { Status } from './status';
import type { MatchedRule } from './verdict';
import type { Level } from './vocabulary';

export type DefinitionView = {
  pinHash: string;
  definition: PinnedDefinition;
  writtenBy: string;
  writtenAt: string;
  confirmedBy: string | null;
  confirmedAt: string | null;
  reason: string | null;
};

/** Arguments to try a map with: made from the schema, or those of an action. */
export type ArgumentSample = { label: string; args: Record<string, unknown> };

/** One tool with its definitions, who uses it and what it was used for. */
export type ToolView = ToolListItem & {
  annotations: Record<string, unknown>;
  pinHash: string;
  /** The definition a person wrote or confirmed last, when the present one is another. */
  unconfirmed: { confirmed: PinnedDefinition | null } | null;
  /** The present definition, as it is pinned. */
  definition: PinnedDefinition;
  history: DefinitionView[];
  agents: NamedRef[];
  recent: { actionId: string; status: Status; sentence: string; level: Level; at: string }[];
  samples: ArgumentSample[];
};

/** What one effect finds in sample arguments, as text for a person. */
export type EffectFinding = {
  effect: Effect['effect'];
  applies: boolean;
  why: string;
  finds: { field: string; values: string[]; total: number; missing: number }[];
  advice: EffectAdvice[];
};

/** What a definition would make of sample arguments under the present policy. Nothing of it is kept. */
export type ToolPreview = {
  problems: InputProblem[];
  /** Where the sample does not fit the input schema. */
  unfit: InputProblem[];
  paths: SchemaPath[];
  sample: Record<string, unknown>;
  result: {
    effects: EffectFinding[];
    footprint: Footprint;
    blastRadius: BlastRadius;
    sentence: string;
    verdict: 'allow' | 'hold' | 'deny';
    needed: number;
    rules: MatchedRule[];
  } | null;
};

/** A tool of a server's list, with a proposed definition nobody has confirmed. */
export type DraftedTool = {
  name: string;
  state: 'new' | 'same' | 'changed';
  entry: Record<string, unknown>;
  reasons: EffectDraft['reasons'];
  problems: InputProblem[];
};
