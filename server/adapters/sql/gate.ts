import { loadModule, parseSync } from 'libpg-query';
import type { InputProblem } from '@/server/domain/refusal';
import { type FunctionRule, ruleForFunction } from './function-rules';
import { classifyStatement, ROW_STATEMENTS } from './statement-rules';
import { explainedText, sliceBytes } from './statement-text';
import { everyNode, type Fields, fieldsOf, listOf, nameParts, nodeOf, textOf, unwrap } from './tree';
import { readWriteTarget, type WriteTarget } from './write-targets';

// The grammar is WebAssembly; loading it here lets `check` stay synchronous, as its port says.
await loadModule();

export type NamedRelation = { schema: string | null; name: string };
export type NamedFunction = { schema: string | null; name: string };
export type Forbidden = { rule: string; message: string };

/** What the text alone says about a statement. It cannot see through views, rules, triggers, functions or the search path. */
export type Gate = {
  statement: string;
  /** `read` changes nothing by its own grammar; `explain` is only planned. */
  shape: 'read' | 'write' | 'lock' | 'explain' | 'define' | 'truncate' | 'forbidden';
  forbidden: Forbidden | null;
  /** Type of the statement itself (`InsertStmt`), and of what EXPLAIN explains. */
  type: string;
  body: { type: string; node: Fields; text: string } | null;
  explained: boolean;
  paramCount: number;
  functions: NamedFunction[];
  /** Relations named anywhere, but as the target of a write; names of CTEs may be among them. */
  reads: NamedRelation[];
  targets: WriteTarget[];
  cteNames: ReadonlySet<string>;
  /** Whether columns of a relation or a join are given other names (`FROM t AS x(a, b)`): a name then says nothing about which column it is. */
  renamesColumns: boolean;
  /** Every column name mentioned, and whether a `*` is: the fallback where the catalog cannot resolve columns. */
  columnNames: ReadonlySet<string>;
  star: boolean;
  sideEffects: { name: string; message: string }[];
  sequences: { name: string | null; sets: boolean }[];
};

export type Parsed = { ok: true; gate: Gate } | { ok: false; problems: InputProblem[] };

const MAX_STATEMENT_CHARACTERS = 100_000;

/** Reads the statement with PostgreSQL's own grammar. Never throws: what it refuses is a problem at `/statement`. */
export function readStatement(statement: string): Parsed {
  const refused = (message: string): Parsed => ({
    ok: false,
    problems: [{ pointer: '/statement', message }],
  });
  if (statement.trim() === '') return refused('The statement is empty. Send one SQL statement.');
  if (statement.includes('\0'))
    return refused('The statement holds a NUL character, which PostgreSQL does not accept. Remove it.');
  if (statement.length > MAX_STATEMENT_CHARACTERS) {
    return refused(
      `The statement is longer than ${MAX_STATEMENT_CHARACTERS} characters. Pass large values as params.`,
    );
  }
  let statements: readonly unknown[];
  try {
    statements = listOf(fieldsOf(parseSync(statement))?.stmts);
  } catch (error) {
    return refused(describeParserError(error, statement));
  }
  const first = unwrap(fieldsOf(statements[0])?.stmt);
  if (first === null) return refused('The statement holds only comments. Send one SQL statement.');
  try {
    return { ok: true, gate: buildGate(statement, first.type, first.node, statements) };
  } catch (error) {
    if (error instanceof RangeError) return refused('The statement is nested too deeply. Simplify it.');
    throw error;
  }
}

function describeParserError(error: unknown, statement: string): string {
  if (error instanceof RangeError) return 'The statement is nested too deeply. Simplify it.';
  const message = error instanceof Error ? error.message : String(error);
  const details = fieldsOf(fieldsOf(error)?.sqlDetails);
  const position = details?.cursorPosition;
  if (typeof position !== 'number' || position < 0) return `${message}. Correct the statement.`;
  const before = statement.slice(0, position);
  const line = before.split('\n').length;
  const column = position - before.lastIndexOf('\n');
  return `${message} (line ${line}, column ${column}). Correct the statement at this place.`;
}

function buildGate(statement: string, type: string, node: Fields, statements: readonly unknown[]): Gate {
  const classified = classifyStatement(type);
  const explained = type === 'ExplainStmt';
  const inner = explained ? unwrap(node.query) : { type, node };
  const alone = withoutEnd(statement, fieldsOf(statements[0]));
  const bodyIsRows = inner !== null && ROW_STATEMENTS.has(inner.type);
  const found = collect(statements);
  const base: Omit<Gate, 'shape' | 'forbidden'> = {
    statement,
    type,
    explained,
    body: bodyIsRows ? { ...inner, text: explained ? explainedText(alone) : alone } : null,
    ...found,
  };
  const forbidden =
    statements.length > 1
      ? {
          rule: 'multiple_statements',
          message: `${statements.length} statements in one call. Submit each as an action of its own.`,
        }
      : (forbiddenByType(classified, inner, node) ?? found.forbiddenFunction);
  return {
    ...base,
    forbidden,
    shape: forbidden !== null ? 'forbidden' : shapeOf(classified.kind, inner, node, found),
  };
}

/** The statement without its semicolon and what follows it. */
function withoutEnd(statement: string, raw: Fields | null): string {
  const length = raw?.stmt_len;
  const start = typeof raw?.stmt_location === 'number' ? raw.stmt_location : 0;
  return typeof length === 'number' && length > 0 ? sliceBytes(statement, start, start + length) : statement;
}

function forbiddenByType(
  classified: ReturnType<typeof classifyStatement>,
  inner: { type: string; node: Fields } | null,
  node: Fields,
): Forbidden | null {
  if (classified.kind === 'forbidden') return { rule: classified.rule, message: classified.message };
  if (classified.kind === 'explain' && inner !== null) {
    const explained = classifyStatement(inner.type);
    if (explained.kind === 'forbidden') return { rule: explained.rule, message: explained.message };
  }
  if (classified.kind === 'define' && node.concurrent === true) {
    return {
      rule: 'outside_transaction',
      message: 'CONCURRENTLY cannot run inside a transaction, so it could not be rolled back. Leave it out.',
    };
  }
  return null;
}

type Found = ReturnType<typeof collect>;

function shapeOf(
  kind: string,
  inner: { type: string; node: Fields } | null,
  node: Fields,
  found: Found,
): Gate['shape'] {
  if (kind === 'truncate') return 'truncate';
  if (kind === 'define' || found.createsRelation || inner === null || !ROW_STATEMENTS.has(inner.type))
    return 'define';
  if (kind === 'explain' && !analyzes(node)) return 'explain';
  if (found.targets.length > 0) return 'write';
  if (found.sequences.length > 0) return 'write';
  return found.locksRows ? 'lock' : 'read';
}

/** EXPLAIN runs the statement unless ANALYZE is absent or every mention of it says no. */
function analyzes(explain: Fields): boolean {
  return listOf(explain.options).some((option) => {
    const element = nodeOf(option, 'DefElem');
    if (element?.defname !== 'analyze') return false;
    const value = unwrap(element.arg);
    const written = value === null ? 'true' : String(Object.values(value.node)[0] ?? 'true').toLowerCase();
    return (
      !['false', 'off', '0', 'no'].includes(written) &&
      !(value?.type === 'Integer' && value.node.ival === undefined)
    );
  });
}

/** One pass over the whole tree: a write hides as easily in a CTE or a subselect as at the top. */
function collect(statements: readonly unknown[]) {
  const found = {
    paramCount: 0,
    functions: [] as NamedFunction[],
    reads: [] as NamedRelation[],
    targets: [] as WriteTarget[],
    cteNames: new Set<string>(),
    renamesColumns: false,
    columnNames: new Set<string>(),
    star: false,
    sideEffects: [] as { name: string; message: string }[],
    sequences: [] as { name: string | null; sets: boolean }[],
    locksRows: false,
    createsRelation: false,
    forbiddenFunction: null as Forbidden | null,
  };
  const targetNodes = new Set<unknown>();
  for (const { key, node } of everyNode(statements)) {
    noteStructure(key, node, found);
    if (key === 'ParamRef') found.paramCount = Math.max(found.paramCount, Number(node.number ?? 0));
    if (key === 'ColumnRef') noteColumn(node, found);
    if (key === 'FuncCall') noteFunction(node, found);
    const target = readWriteTarget(key, node);
    if (target !== null) {
      found.targets.push(target);
      targetNodes.add(node.relation);
    }
    const relation = textOf(node.relname);
    if (listOf(fieldsOf(node.alias)?.colnames).length > 0) found.renamesColumns = true;
    if (relation !== null && !targetNodes.has(node)) {
      found.reads.push({ schema: textOf(node.schemaname), name: relation });
    }
  }
  return found;
}

function noteStructure(
  key: string,
  node: Fields,
  found: { createsRelation: boolean; locksRows: boolean; cteNames: Set<string> },
): void {
  if (key === 'intoClause' || key === 'into') found.createsRelation = true;
  if (key === 'LockingClause') found.locksRows = true;
  if (key === 'CommonTableExpr') found.cteNames.add(textOf(node.ctename) ?? '');
}

function noteColumn(node: Fields, found: { columnNames: Set<string>; star: boolean }): void {
  const last = nameParts(node.fields).at(-1);
  if (listOf(node.fields).some((field) => nodeOf(field, 'A_Star') !== null)) found.star = true;
  else if (last !== undefined) found.columnNames.add(last);
}

function noteFunction(
  node: Fields,
  found: Pick<Gate, 'functions' | 'sideEffects' | 'sequences'> & { forbiddenFunction: Forbidden | null },
): void {
  const names = nameParts(node.funcname);
  const name = names.at(-1);
  if (name === undefined) return;
  found.functions.push({ schema: names.length > 1 ? (names.at(-2) ?? null) : null, name });
  const rule: FunctionRule | null = ruleForFunction(name);
  if (rule === null) return;
  if (rule.treatment === 'forbidden') {
    found.forbiddenFunction ??= {
      rule: rule.rule,
      message: `The function ${name} ${rule.message}. It is never run for an agent.`,
    };
  } else if (rule.treatment === 'side_effect') {
    found.sideEffects.push({ name, message: `The function ${name} ${rule.message}.` });
  } else {
    found.sequences.push({ name: constantText(listOf(node.args)[0]), sets: rule.sets });
  }
}

/** The text of a string constant, through a cast (`'s'::regclass`); null for anything computed. */
function constantText(value: unknown): string | null {
  const cast = nodeOf(value, 'TypeCast');
  return textOf(fieldsOf(nodeOf(cast === null ? value : cast.arg, 'A_Const')?.sval)?.sval);
}
