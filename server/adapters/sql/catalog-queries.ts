/**
 * SQL over the catalog, kept apart from the code that reads its answers. Every name is qualified: the search path belongs to the target.
 */

/** User objects start here; below are PostgreSQL's own, which `pg_depend` does not record. */
const FIRST_USER_OID = 16384;

/**
 * The columns a parsed statement needs SELECT on, per relation, out of its stored tree; 7 stands for the whole row (attribute 0). Dependencies do
 * not record whole rows, and a text has too many ways to name one: `row_to_json(t)`, `t.row_to_json`, `FROM t AS id(a)`, the alias of a join.
 */
const SELECTED_COLUMNS = String.raw`(?:RTEPERMISSIONINFO|:rtekind 0) :relid (\d+) [^{}]*?:selectedCols \(b ([^)]*)\)`;

/** What the function made of the statement depends on: relations with columns, functions (also behind operators). */
export const STATEMENT_DEPENDENCIES = `
WITH d AS (
  SELECT refclassid, refobjid, refobjsubid FROM pg_catalog.pg_depend
  WHERE classid = 'pg_catalog.pg_proc'::pg_catalog.regclass
    AND objid = (SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.proname = $1 AND p.pronamespace = pg_catalog.pg_my_temp_schema())
)
SELECT pg_catalog.json_build_object(
  'relations', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', r.refobjid::int8, 'columns', r.columns))
    FROM (SELECT refobjid, pg_catalog.array_agg(refobjsubid ORDER BY refobjsubid) FILTER (WHERE refobjsubid > 0) AS columns FROM d
          WHERE refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass GROUP BY refobjid) r),
  'wholeRows', (SELECT pg_catalog.json_agg(DISTINCT m[1]::int8)
    FROM pg_catalog.pg_proc p, pg_catalog.regexp_matches(p.prosqlbody::text, '${SELECTED_COLUMNS}', 'g') m
    WHERE p.proname = $1 AND p.pronamespace = pg_catalog.pg_my_temp_schema() AND '7' = ANY(pg_catalog.string_to_array(m[2], ' '))),
  'functions', (SELECT pg_catalog.json_agg(f.oid) FROM (
      SELECT refobjid::int8 AS oid FROM d WHERE refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
      UNION SELECT o.oprcode::oid::int8 FROM d JOIN pg_catalog.pg_operator o ON o.oid = d.refobjid
      WHERE refclassid = 'pg_catalog.pg_operator'::pg_catalog.regclass) f)
)::text`;

/** Resolves names as the pinned search path does, and finds the volatility of PostgreSQL's own functions by name. */
export const RESOLVE_NAMES = `
SELECT pg_catalog.json_build_object(
  'relations', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', n, 'oid', pg_catalog.to_regclass(n)::oid::int8))
    FROM pg_catalog.unnest($1::text[]) n WHERE pg_catalog.to_regclass(n) IS NOT NULL),
  'volatileBuiltins', (SELECT pg_catalog.json_agg(DISTINCT p.proname) FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace AND p.provolatile = 'v' AND p.proname = ANY($2::text[])),
  'aggregates', (SELECT pg_catalog.json_agg(DISTINCT p.proname) FROM pg_catalog.pg_proc p WHERE p.prokind = 'a' AND p.proname = ANY($2::text[])),
  'setReturning', (SELECT pg_catalog.json_agg(DISTINCT p.proname) FROM pg_catalog.pg_proc p WHERE p.proretset AND p.proname = ANY($2::text[])),
  'userFunctions', (SELECT pg_catalog.json_agg(p.oid::int8) FROM pg_catalog.pg_proc p
    WHERE p.oid >= ${FIRST_USER_OID} AND p.proname = ANY($2::text[]) AND p.pronamespace <> pg_catalog.pg_my_temp_schema()),
  'parameterTypes', (SELECT s.parameter_types::text[] FROM pg_catalog.pg_prepared_statements s WHERE s.name = $3)
)::text`;

const DEPENDENCIES_OF = (classid: string, objid: string): string => `
  SELECT CASE d.refclassid WHEN 'pg_catalog.pg_class'::pg_catalog.regclass THEN 'r' ELSE 'f' END AS kind,
         CASE d.refclassid WHEN 'pg_catalog.pg_operator'::pg_catalog.regclass
           THEN (SELECT o.oprcode::oid FROM pg_catalog.pg_operator o WHERE o.oid = d.refobjid) ELSE d.refobjid END AS oid
  FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.${classid}'::pg_catalog.regclass AND d.objid = ${objid} AND d.refclassid IN
    ('pg_catalog.pg_class'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_operator'::pg_catalog.regclass)`;

const REACHED_BY_READING = `
    SELECT e.kind, e.oid, m AS mode FROM pg_catalog.pg_rewrite w CROSS JOIN LATERAL (${DEPENDENCIES_OF('pg_rewrite', 'w.oid')}) e
      CROSS JOIN LATERAL pg_catalog.unnest(CASE WHEN w.ev_type <> '1' THEN '{w,d}' ELSE ARRAY[r.mode] END) m
      WHERE r.kind = 'r' AND w.ev_class = r.oid AND (w.ev_type <> '1' AND r.mode = 'w' OR EXISTS (
        SELECT 1 FROM pg_catalog.pg_class v WHERE v.oid = r.oid AND v.relkind = 'v'))
    UNION ALL
    SELECT e.kind, e.oid, 'r' FROM pg_catalog.pg_policy p CROSS JOIN LATERAL (${DEPENDENCIES_OF('pg_policy', 'p.oid')}) e
      WHERE r.kind = 'r' AND p.polrelid = r.oid
    UNION ALL
    SELECT 'r', i.inhrelid, r.mode FROM pg_catalog.pg_inherits i WHERE r.kind = 'r' AND i.inhparent = r.oid
    UNION ALL
    SELECT e.kind, e.oid, 'r' FROM (${DEPENDENCIES_OF('pg_proc', 'r.oid')}) e WHERE r.kind = 'f' AND r.oid >= ${FIRST_USER_OID}
    UNION ALL
    SELECT 'f', f, 'r' FROM pg_catalog.pg_aggregate g
      CROSS JOIN LATERAL pg_catalog.unnest(ARRAY[g.aggtransfn::oid, g.aggfinalfn::oid, g.aggcombinefn::oid]) f
      WHERE r.kind = 'f' AND g.aggfnoid = r.oid AND f <> 0`;

const REACHED_BY_WRITING = `
    SELECT 'f', t.tgfoid, 'r' FROM pg_catalog.pg_trigger t
      WHERE r.kind = 'r' AND r.mode = 'w' AND t.tgrelid = r.oid AND NOT t.tgisinternal
    UNION ALL
    SELECT e.kind, e.oid, 'r' FROM pg_catalog.pg_trigger t CROSS JOIN LATERAL (${DEPENDENCIES_OF('pg_trigger', 't.oid')}) e
      WHERE r.kind = 'r' AND r.mode = 'w' AND t.tgrelid = r.oid AND NOT t.tgisinternal AND e.kind = 'f'
    UNION ALL
    SELECT e.kind, e.oid, 'r' FROM pg_catalog.pg_attrdef a CROSS JOIN LATERAL (${DEPENDENCIES_OF('pg_attrdef', 'a.oid')}) e
      WHERE r.kind = 'r' AND r.mode = 'w' AND a.adrelid = r.oid
    UNION ALL
    SELECT e.kind, e.oid, 'r' FROM pg_catalog.pg_constraint c CROSS JOIN LATERAL (${DEPENDENCIES_OF('pg_constraint', 'c.oid')}) e
      WHERE r.kind = 'r' AND r.mode = 'w' AND c.conrelid = r.oid AND c.contype IN ('c', 'x') AND e.kind = 'f'
    UNION ALL
    SELECT e.kind, e.oid, 'r' FROM pg_catalog.pg_index x CROSS JOIN LATERAL (${DEPENDENCIES_OF('pg_class', 'x.indexrelid')}) e
      WHERE r.kind = 'r' AND r.mode = 'w' AND x.indrelid = r.oid AND e.kind = 'f'
    UNION ALL
    SELECT e.kind, e.oid, 'r' FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_constraint c ON c.contypid = a.atttypid
      CROSS JOIN LATERAL (${DEPENDENCIES_OF('pg_constraint', 'c.oid')}) e
      WHERE r.kind = 'r' AND r.mode = 'w' AND a.attrelid = r.oid AND a.attnum > 0 AND e.kind = 'f'
    UNION ALL
    SELECT 'r', c.conrelid, m FROM pg_catalog.pg_constraint c CROSS JOIN LATERAL pg_catalog.unnest(CASE
        WHEN r.mode = 'd' AND c.confdeltype = 'c' THEN '{w,d}'::text[]
        WHEN r.mode = 'd' AND c.confdeltype IN ('n', 'd') OR r.mode = 'w' AND c.confupdtype IN ('c', 'n', 'd') THEN '{w}' END) m
      WHERE r.kind = 'r' AND c.confrelid = r.oid AND c.contype = 'f'`;

/**
 * Everything reachable from the seeds: views and rules to what they name, policies, partitions, and from written relations also triggers,
 * defaults, checks, index expressions, domains and the children of foreign keys that act. `$1` read, `$2` written relations, `$4` those of them that
 * may lose rows, by number or name; `$3` functions. Modes: `r` read, `w` written, and beside it `d` where rows may go.
 */
const reach = (steps: string): string => `
reach(kind, oid, mode) AS (
  SELECT 'r'::text, s::oid, 'r'::text FROM pg_catalog.unnest($1::pg_catalog.regclass[]) s
  UNION SELECT 'r', s::oid, 'w' FROM pg_catalog.unnest($2::pg_catalog.regclass[]) s
  UNION SELECT 'r', s::oid, 'd' FROM pg_catalog.unnest($4::pg_catalog.regclass[]) s
  UNION SELECT 'f', s, 'r' FROM pg_catalog.unnest($3::oid[]) s
  UNION
  SELECT n.kind, n.oid, n.mode FROM reach r CROSS JOIN LATERAL (${steps}
  ) n WHERE n.oid IS NOT NULL AND n.oid >= ${FIRST_USER_OID}
)`;

const RELATIONS = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
  'oid', c.oid::int8, 'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'owner', c.relowner::int8,
  'rls', c.relrowsecurity, 'forceRls', c.relforcerowsecurity, 'options', c.reloptions, 'persistence', c.relpersistence,
  'written', EXISTS (SELECT 1 FROM reach w WHERE w.kind = 'r' AND w.oid = c.oid AND w.mode = 'w'),
  'parents', (SELECT pg_catalog.array_agg(i.inhparent::int8 ORDER BY i.inhparent) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid),
  'ancestors', CASE WHEN c.relispartition THEN (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', p.oid::int8,
      'name', pn.nspname || '.' || p.relname) ORDER BY g.ord) FROM pg_catalog.pg_partition_ancestors(c.oid) WITH ORDINALITY g(oid, ord)
    JOIN pg_catalog.pg_class p ON p.oid = g.oid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE p.oid <> c.oid) END,
  'readable', pg_catalog.has_table_privilege(c.oid, 'SELECT'), 'isPartition', c.relispartition, 'partitionBound', pg_catalog.pg_get_expr(c.relpartbound, c.oid),
  'server', (SELECT s.srvname FROM pg_catalog.pg_foreign_table f JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid),
  'view', CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END,
  'columns', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('number', a.attnum, 'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod), 'typeOid', a.atttypid::int8, 'generated', a.attgenerated,
      'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  'key', (SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.ord) FROM pg_catalog.pg_index x
    CROSS JOIN LATERAL pg_catalog.unnest(x.indkey::int2[]) WITH ORDINALITY k(attnum, ord)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE x.indrelid = c.oid AND x.indisprimary),
  'checks', (SELECT pg_catalog.array_agg(pg_catalog.pg_get_constraintdef(k.oid) ORDER BY k.conname)
    FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('c', 'x', 'u', 'p'))
) ORDER BY c.oid) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid IN (SELECT oid FROM reach WHERE kind = 'r') AND c.relkind IN ('r', 'v', 'm', 'p', 'f')`;

/** By the default's dependency on the sequence, or for an identity column by the sequence's on the column: each by an index. */
const DEFAULT_SEQUENCES = `
SELECT pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_object('relation', o.relation, 'column', o.attname,
  'sequence', n.nspname || '.' || s.relname))
FROM (
  SELECT a.attrelid::int8 AS relation, a.attname, d.refobjid AS sequence FROM pg_catalog.pg_attrdef f
  JOIN pg_catalog.pg_attribute a ON a.attrelid = f.adrelid AND a.attnum = f.adnum
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  WHERE f.adrelid IN (SELECT oid FROM reach WHERE kind = 'r' AND mode = 'w')
  UNION ALL
  SELECT a.attrelid::int8, a.attname, d.objid FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = a.attrelid
    AND d.refobjsubid = a.attnum AND d.deptype = 'i' AND d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
  WHERE a.attrelid IN (SELECT oid FROM reach WHERE kind = 'r' AND mode = 'w') AND a.attnum > 0 AND a.attidentity <> ''
) o JOIN pg_catalog.pg_class s ON s.oid = o.sequence AND s.relkind = 'S'
JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace`;

const VIEW_COLUMNS = `
SELECT pg_catalog.json_agg(DISTINCT pg_catalog.jsonb_build_object('view', w.ev_class::int8, 'relation', d.refobjid::int8, 'column', d.refobjsubid))
FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_class v ON v.oid = w.ev_class AND v.relkind = 'v'
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
  AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> w.ev_class
WHERE w.ev_class IN (SELECT oid FROM reach WHERE kind = 'r') AND w.ev_type = '1'`;

const TRIGGERS = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object('relation', t.tgrelid::int8, 'name', t.tgname, 'enabled', t.tgenabled,
  'type', t.tgtype, 'function', t.tgfoid::int8, 'definition', pg_catalog.pg_get_triggerdef(t.oid)) ORDER BY t.tgrelid, t.tgname)
FROM pg_catalog.pg_trigger t
WHERE t.tgrelid IN (SELECT oid FROM reach WHERE kind = 'r' AND mode = 'w') AND NOT t.tgisinternal`;

const RULES = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object('relation', w.ev_class::int8, 'name', w.rulename, 'enabled', w.ev_enabled,
  'event', w.ev_type, 'definition', pg_catalog.pg_get_ruledef(w.oid), 'relations', (SELECT pg_catalog.array_agg(DISTINCT d.refobjid::int8)
    FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> w.ev_class)) ORDER BY w.ev_class, w.rulename)
FROM pg_catalog.pg_rewrite w
WHERE w.ev_class IN (SELECT oid FROM reach WHERE kind = 'r' AND mode = 'w') AND w.ev_type <> '1'`;

const POLICIES = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object('relation', p.polrelid::int8, 'name', p.polname, 'command', p.polcmd,
  'permissive', p.polpermissive, 'roles', p.polroles::int8[], 'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
  'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)) ORDER BY p.polrelid, p.polname)
FROM pg_catalog.pg_policy p WHERE p.polrelid IN (SELECT oid FROM reach WHERE kind = 'r')`;

const FOREIGN_KEYS = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', k.conname, 'child', k.conrelid::int8, 'parent', k.confrelid::int8,
  'onDelete', k.confdeltype, 'onUpdate', k.confupdtype, 'definition', pg_catalog.pg_get_constraintdef(k.oid),
  'columns', (SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.ord) FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY u(n, ord)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.n),
  'parentColumns', (SELECT pg_catalog.array_agg(a.attname::text ORDER BY u.ord) FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY u(n, ord)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.n),
  'indexed', EXISTS (SELECT 1 FROM pg_catalog.pg_index x WHERE x.indrelid = k.conrelid
    AND (x.indkey::int2[])[0:pg_catalog.cardinality(k.conkey) - 1] @> k.conkey)
) ORDER BY k.conrelid, k.conname) FROM pg_catalog.pg_constraint k
WHERE k.contype = 'f' AND (k.conrelid IN (SELECT oid FROM reach WHERE kind = 'r' AND mode = 'w')
  OR k.confrelid IN (SELECT oid FROM reach WHERE kind = 'r' AND mode = 'w'))`;

const FUNCTIONS = `
SELECT pg_catalog.json_agg(pg_catalog.json_build_object('oid', p.oid::int8, 'schema', n.nspname, 'name', p.proname, 'kind', p.prokind,
  'signature', n.nspname || '.' || p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
  'language', l.lanname, 'trusted', l.lanpltrusted, 'volatility', p.provolatile, 'securityDefiner', p.prosecdef,
  'ownerSuperuser', (SELECT o.rolsuper FROM pg_catalog.pg_roles o WHERE o.oid = p.proowner), 'owner', p.proowner::int8,
  'config', p.proconfig, 'source', p.prosrc, 'binary', p.probin, 'body', pg_catalog.pg_get_function_sqlbody(p.oid),
  'extension', (SELECT e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e'
      AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass)
) ORDER BY p.oid) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE p.oid IN (SELECT oid FROM reach WHERE kind = 'f')`;

/** Everything the catalog says about what is reachable, in one round trip. */
export const FACTS_FOR_WRITING = `
WITH RECURSIVE ${reach(`${REACHED_BY_READING} UNION ALL ${REACHED_BY_WRITING}`)}
SELECT pg_catalog.json_build_object(
  'relations', (${RELATIONS}), 'sequences', (${DEFAULT_SEQUENCES}), 'viewColumns', (${VIEW_COLUMNS}), 'triggers', (${TRIGGERS}),
  'rules', (${RULES}), 'policies', (${POLICIES}), 'foreignKeys', (${FOREIGN_KEYS}), 'functions', (${FUNCTIONS})
)::text`;

/** The part of it that matters to a statement without a write target: planning the whole would take longer than most reads. */
export const FACTS_FOR_READING = `
WITH RECURSIVE ${reach(REACHED_BY_READING)}
SELECT pg_catalog.json_build_object(
  'relations', (${RELATIONS}), 'viewColumns', (${VIEW_COLUMNS}), 'policies', (${POLICIES}), 'functions', (${FUNCTIONS})
)::text`;
