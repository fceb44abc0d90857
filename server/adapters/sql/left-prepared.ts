/** The one statement that is kept by a command of ours: that of an agent, while it is analysed, where nothing of it runs. */
export const ANALYSED_STATEMENT = 'holdpoint_statement';

/**
 * Statements of this session that a command kept, not the protocol, as ours are. A name can be freed and taken again by any function, without a
 * trace in the transaction: what is asked under it would then be answered by whoever wrote the function.
 */
export const LEFT_PREPARED = `SELECT s.name FROM pg_catalog.pg_prepared_statement() s WHERE s.from_sql AND s.name OPERATOR(pg_catalog.<>) '${ANALYSED_STATEMENT}'`;

/** All statements a session keeps, and whether a command kept them. */
export const PREPARED = 'SELECT s.name, s.from_sql::text FROM pg_catalog.pg_prepared_statement() s';

/** Nothing the session said since can be believed. */
export class StatementsReplaced extends Error {
  constructor() {
    super(
      'A function the statement calls keeps prepared statements (PREPARE) in the session, so that what the database answers about the effect cannot be relied upon.',
    );
  }
}
