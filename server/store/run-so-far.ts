import type { Mandate } from '@/server/domain/mandate';
import type { RunSoFar } from '@/server/domain/surroundings';
import type { Database } from './database';

/** Results of one run that are looked at, newest first, and how many characters of them. Anything older is said to be left out. */
const MAX_RESULTS = 200;
const MAX_CHARACTERS = 8_000_000;

/** One result a run has come across. `claimed` is the agent's own word on whether the source can be trusted; it only ever lowers. */
export type StoredResult = {
  tool: string;
  text: string;
  claimed: boolean;
  revision: number;
  broker: boolean;
};

/** A run as the database holds it; what tools say about trust is not in it. */
export type StoredRun = Pick<
  RunSoFar,
  'id' | 'onBehalfOfId' | 'labels' | 'revision' | 'resultsCut' | 'mandate'
> & {
  goal: string;
  /** The mandate as it was granted, or as it was asked for: what it names was given to the run. */
  mandateGiven: unknown;
  results: StoredResult[];
};

type Before = { actionId: string; at: Date };
type ResultRow = { tool: string; result: unknown; claimed: boolean; revision: number; broker: boolean };
type RunRow = Omit<StoredRun, 'results' | 'resultsCut' | 'labels' | 'mandate'> & {
  labels: { class: string; tool: string }[] | null;
  mandate: Mandate | null;
  observed: ResultRow[] | null;
  executed: ResultRow[] | null;
};

/** One statement, so that revision and contents belong together. `$3` is the revision up to which results are known already. */
const RUN = `
  SELECT r.id, r.revision, r.goal, coalesce(CASE WHEN r.mandate_by IS NOT NULL THEN r.mandate_limits END, r.mandate) AS "mandateGiven", r.on_behalf_of_id AS "onBehalfOfId",
    CASE WHEN r.mandate_limits IS NOT NULL THEN json_build_object('limits', r.mandate_limits, 'by', r.mandate_by, 'expiresAt', r.mandate_expires_at,
      'ended', r.mandate_ended_at IS NOT NULL, 'spent', json_build_object('calls', r.spent_calls, 'rows', r.spent_rows, 'people', r.spent_people, 'money', r.spent_money))
    END AS mandate,
    (SELECT json_agg(json_build_object('class', l.class, 'tool', l.tool_name) ORDER BY l.first)
      FROM (SELECT c.class, e.tool_name, min(e.id) AS first FROM exposure e CROSS JOIN LATERAL unnest(e.classes) AS c (class)
        WHERE e.run_id = r.id AND e.at IS NOT NULL AND e.kind <> 'sent' GROUP BY 1, 2) l) AS labels,
    (SELECT json_agg(json_build_object('tool', o.tool_name, 'result', o.result, 'claimed', o.trusted, 'revision', o.revision, 'broker', false))
      FROM (SELECT * FROM observation o WHERE o.run_id = r.id AND o.revision > $3 AND o.at <= coalesce($4, 'infinity'::timestamptz)
        ORDER BY o.at DESC LIMIT ${MAX_RESULTS + 1}) o) AS observed,
    (SELECT json_agg(json_build_object('tool', a.tool_name, 'result', a.result, 'claimed', true, 'revision', a.result_revision, 'broker', true))
      FROM (SELECT * FROM planned_action a WHERE a.run_id = r.id AND a.status = 'succeeded' AND a.execution = 'broker'
        AND coalesce(a.result_revision, 0) > $3 AND ($5::text IS NULL OR a.id < $5)
        ORDER BY a.id DESC LIMIT ${MAX_RESULTS + 1}) a) AS executed
  FROM run r WHERE r.id = $2 AND r.workspace_id = $1`;

/**
 * What a run was asked and has come across, up to `before` (everything when absent); with `known`, only what that does not have yet is read.
 * Null when this workspace has no such run.
 */
export async function loadRun(
  db: Database,
  workspaceId: string,
  runId: string,
  options: { before?: Before; known?: StoredRun } = {},
): Promise<StoredRun | null> {
  const { before, known } = options;
  const { rows } = await db.pool.query<RunRow>({
    name: 'run_so_far',
    text: RUN,
    values: [workspaceId, runId, known?.revision ?? -1, before?.at ?? null, before?.actionId ?? null],
  });
  const [row] = rows;
  if (row === undefined) return null;
  const { observed, executed, labels, ...run } = row;
  const fresh = [...(executed ?? []), ...(observed ?? [])].map(
    ({ result, ...of }): StoredResult => ({ ...of, text: JSON.stringify(result) }),
  );
  const all = [...fresh, ...(known?.results ?? [])].sort((a, b) => b.revision - a.revision);
  const results = newestOf(all);
  return {
    ...run,
    labels: labels ?? [],
    results,
    resultsCut: results.length < all.length || (known?.resultsCut ?? false),
  };
}

/** The newest results, as many as are looked at. They come newest first. */
export function newestOf(results: readonly StoredResult[]): StoredResult[] {
  let characters = 0;
  return results.slice(0, MAX_RESULTS).filter((r) => {
    characters += r.text.length;
    return characters <= MAX_CHARACTERS;
  });
}
