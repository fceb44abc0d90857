import { quoteName, quoteText } from './quoting';
import { IDENTITY } from './session-identity';

/** `pg_temp` is named last, or it would silently come first and let a temporary table stand in for a real one. */
const pathOf = (searchPath: readonly string[]): string =>
  [...searchPath.map(quoteName), 'pg_temp'].join(', ');

/** Sets the path back that a function may have changed, which would give operators in our own questions another meaning. */
export const pathAgain = (searchPath: readonly string[]): string =>
  `SET LOCAL search_path = ${pathOf(searchPath)}`;

/** A role's own settings (ALTER ROLE … SET) are overridden: they could differ between measuring and executing. */
export function preamble(searchPath: readonly string[]): string {
  const settings: Record<string, string> = {
    search_path: pathOf(searchPath),
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'postgres',
    extra_float_digits: '1',
    bytea_output: 'hex',
    client_encoding: 'UTF8',
    standard_conforming_strings: 'on',
    transform_null_equals: 'off',
    row_security: 'on',
    xmloption: 'content',
    default_transaction_read_only: 'off',
    default_transaction_isolation: 'read committed',
    statement_timeout: '0',
    lock_timeout: '0',
    idle_in_transaction_session_timeout: '120s',
    // Compiling takes longer than most statements here run, and the catalog queries look expensive to the planner.
    jit: 'off',
  };
  const pins = Object.entries(settings)
    .map(([name, value]) => `pg_catalog.set_config('${name}', ${quoteText(value)}, false)`)
    .join(', ');
  return `SELECT ${pins}; ${IDENTITY}`;
}
