import type { ToolResult } from '@/server/domain/ports';
import type { Answer } from './answer';
import type { Session } from './session';
import { distinctNames, typedRow, typeName } from './typed-values';

export const MAX_RESULT_ROWS = 500;
export const MAX_RESULT_BYTES = 256 * 1024;

/** What the agent gets: typed, at most 500 rows and 256 KB, and honest about what was left out. */
export async function toolResult(session: Session, answer: Answer): Promise<ToolResult> {
  const names = distinctNames(answer.fields);
  const types = await typeNames(session, answer);
  const rows: Record<string, unknown>[] = [];
  let bytes = 0;
  for (const row of answer.rows.slice(0, MAX_RESULT_ROWS)) {
    const typed = typedRow(row, answer.fields);
    bytes += Buffer.byteLength(JSON.stringify(typed));
    if (bytes > MAX_RESULT_BYTES) break;
    rows.push(typed);
  }
  const returned = answer.fields.length === 0 ? 0 : Math.max(answer.rowCount, answer.rows.length);
  return {
    columns: answer.fields.map((_, i) => ({ name: names[i] ?? '', type: types[i] ?? '' })),
    rows,
    rowCount: answer.rowCount,
    truncated: rows.length < returned,
  };
}

/** Names of types that only the target knows (enums, domains) are asked there. */
async function typeNames(session: Session, answer: Answer): Promise<string[]> {
  const known = answer.fields.map(({ typeOid }) => typeName(typeOid));
  if (!known.some((name) => name.startsWith('oid '))) return known;
  const names = await session.json<string[]>(
    'SELECT pg_catalog.json_agg(pg_catalog.format_type(t, NULL) ORDER BY o)::text FROM pg_catalog.unnest($1::oid[]) WITH ORDINALITY u(t, o)',
    [answer.fields.map(({ typeOid }) => typeOid)],
  );
  return names;
}
