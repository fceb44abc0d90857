/**
 * What is known about PostgreSQL's built-in functions beyond their volatility. A parser sees only names, and a name that is shadowed by
 * a harmless user function is treated like the built-in: refusing too much is the side to err on.
 */

export type FunctionRule =
  /** An attack on the server or a way around the gate: refused outright. */
  | { treatment: 'forbidden'; rule: string; message: string }
  /** Works outside the transaction, or is not known to stay inside it: never run to be measured. */
  | { treatment: 'side_effect'; message: string }
  /** Moves a sequence, which no rollback restores. */
  | { treatment: 'sequence'; sets: boolean };

const forbidden = (rule: string, message: string): FunctionRule => ({
  treatment: 'forbidden',
  rule,
  message,
});

const FILES = forbidden('server_file', 'reads or writes files of the database server');
const CONTROL = forbidden('server_control', 'controls the database server or other sessions');
const REMOTE = forbidden('remote_access', 'opens a connection out of the database server');
const DYNAMIC = forbidden('dynamic_sql', 'runs SQL given as text, which cannot be seen before it runs');
const SESSION = forbidden('session_state', 'changes the settings this session is measured under');
const NOTICE = forbidden('notification', 'sends a notification to other sessions');

const FORBIDDEN_FUNCTIONS: readonly (readonly [RegExp, FunctionRule])[] = [
  [/^(pg_read_|pg_ls_|pg_file_|pg_stat_file$|pg_current_logfile$|lo_import|lo_export|pg_logfile)/, FILES],
  [/^pg_(terminate|cancel)_backend|^pg_(reload_conf|rotate_logfile|promote|signal_)/, CONTROL],
  [/^pg_(create_restore_point|switch_(wal|xlog)|backup_|start_backup|stop_backup|log_)/, CONTROL],
  [/^pg_(wal_replay_|xlog_replay_|logical_|replication_|sync_replication|import_system_collations)/, CONTROL],
  [/^pg_(create|drop|copy)_.*_slot$|^pg_drop_replication_slot$|^pg_(restore|clear|set)_\w+_stats?$/, CONTROL],
  [
    /^pg_stat_(reset|force_next_flush)|^pg_stat_statements_reset|^pg_(prewarm|truncate_|nextoid|stop_making)/,
    CONTROL,
  ],
  [/^(binary_upgrade_|brin_(de)?summarize|gin_clean_pending_list|pg_extension_config_dump)/, CONTROL],
  [/^dblink|^postgres_fdw_|^(http|http_(get|post|put|patch|delete|head)|net_http_\w+)$/, REMOTE],
  [/^(query|table|cursor|schema|database)_to_xml/, DYNAMIC],
  [/^(ts_stat|ts_rewrite|crosstab\w*|connectby|xpath_table|cron_schedule|current_query_to_\w+)$/, DYNAMIC],
  [/^(set_config|pg_set_\w+|setseed)$/, SESSION],
  [/^pg_notify$/, NOTICE],
];

/** `pg_` functions that only look things up or format them; every other one is treated as having an effect outside the transaction. */
const HARMLESS_PG =
  /^pg_(typeof|size_pretty|size_bytes|column_size|column_compression|backend_pid|get_\w+|client_encoding|collation_for|basetype|char_to_encoding|encoding_to_char|current_(snapshot|xact_id(_if_assigned)?)|has_role|input_(is_valid|error_info)|is_in_recovery|jit_available|lsn_\w+|wal_lsn_diff|my_temp_schema|is_other_temp_schema|(table|relation|indexes|database|total_relation|tablespace)_size|partition_(root|tree|ancestors)|postmaster_start_time|conf_load_time|sleep(_for|_until)?|snapshot_\w+|visible_in_snapshot|xact_status|xact_commit_timestamp\w*|\w+_is_visible|relation_is_\w+|column_is_updatable|sequence_(parameters|last_value)|trigger_depth|timezone_\w+|describe_object|identify_object\w*|options_to_table|index_\w+|indexam_\w+|mcv_list_items|blocking_pids|safe_snapshot_blocking_pids|stat_have_stats|tablespace_(location|databases)|filenode_relation|relation_file\w+|available_extension\w*|listening_channels|settings_get_flags)$/;

/** Volatile built-ins that change nothing outside the row they compute. Any other volatile built-in counts as a side effect. */
const HARMLESS_VOLATILE =
  /^(random|random_normal|gen_random_uuid|uuid_?v[47]|uuid_generate_\w+|clock_timestamp|timeofday|currval|lastval|array_sample|array_shuffle|txid_\w+|bernoulli|system|gen_salt|gen_random_bytes)$/;

/** The rule for a called name, by its name alone; null when nothing speaks against it. */
export function ruleForFunction(name: string): FunctionRule | null {
  for (const [pattern, rule] of FORBIDDEN_FUNCTIONS) if (pattern.test(name)) return rule;
  if (name === 'nextval') return { treatment: 'sequence', sets: false };
  if (name === 'setval') return { treatment: 'sequence', sets: true };
  if (/^(lo_|loread$|lowrite$)/.test(name)) {
    return { treatment: 'side_effect', message: 'works on large objects, which no footprint describes' };
  }
  if (/^pg_(try_)?advisory_/.test(name)) {
    return {
      treatment: 'side_effect',
      message: 'takes or releases advisory locks that other programs wait for',
    };
  }
  if (/^pg_(stat_get_|lock_status$|cursor$|prepared_|show_all_settings$|config$|blocking_pids$)/.test(name)) {
    return { treatment: 'side_effect', message: 'shows what other programs do on the database server' };
  }
  if (/^pg_/.test(name) && !HARMLESS_PG.test(name)) {
    return { treatment: 'side_effect', message: 'is not known to stay inside its transaction' };
  }
  return null;
}

/** Whether a volatile function of PostgreSQL itself may run in a plain read. */
export function isHarmlessVolatile(name: string): boolean {
  return HARMLESS_VOLATILE.test(name) || HARMLESS_PG.test(name);
}

/** Extensions whose functions compute and nothing else, though they are written in C. */
const COMPUTING_EXTENSIONS: ReadonlySet<string> = new Set([
  'plpgsql',
  'pgcrypto',
  'uuid-ossp',
  'citext',
  'pg_trgm',
  'unaccent',
  'hstore',
  'ltree',
  'intarray',
  'btree_gin',
  'btree_gist',
  'fuzzystrmatch',
  'cube',
  'earthdistance',
  'isn',
  'seg',
  'tcn',
  'bloom',
  'dict_int',
  'moddatetime',
  'autoinc',
  'insert_username',
  'vector',
  'postgis',
  'tsm_system_rows',
  'tsm_system_time',
]);
export const isComputingExtension = (name: string): boolean => COMPUTING_EXTENSIONS.has(name);
