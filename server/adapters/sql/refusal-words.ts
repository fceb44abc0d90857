/** What a database refuses, by class of SQLSTATE, in words that hold no value: its own words may quote any row it came across. */
const BY_CLASS: Readonly<Record<string, string>> = {
  '0A': 'it asks for something the database does not support',
  '21': 'a part of it yields several rows where one is expected',
  '22': 'a value does not fit where it is used',
  '23': 'a constraint would be violated',
  '25': 'it does not fit the transaction it runs in',
  '26': 'it names a prepared statement that does not exist',
  '2B': 'other objects depend on what it drops',
  '38': 'a function failed',
  '39': 'a function failed',
  '40': 'it conflicts with what another transaction does',
  '42': 'it names something that is not there or does not fit',
  '44': 'a row would fall out of the view it is written through',
  '53': 'the database is out of resources',
  '54': 'it is too large or too complex',
  '55': 'an object is not in the state it needs',
  '57': 'the database was told to stop it',
  P0: 'a function raised an error',
};

const BY_STATE: Readonly<Record<string, string>> = {
  '22012': 'it divides by zero',
  '22P02': 'a text is not a value of the type it is used as',
  '22003': 'a number is out of range',
  '22001': 'a text is too long for its column',
  '23502': 'a column that must have a value would have none',
  '23503': 'a foreign key would be violated',
  '23505': 'a value that must be unique would not be',
  '23514': 'a check would be violated',
  '42P01': 'it names a table that is not there',
  '42703': 'it names a column that is not there',
  '42883': 'it names a function or operator that is not there',
};

/** One sentence about a refused statement, without a value. */
export const refusalWords = (sqlState: string): string =>
  `The database refused the statement (SQLSTATE ${sqlState}): ${
    BY_STATE[sqlState] ?? BY_CLASS[sqlState.slice(0, 2)] ?? 'it gave a reason of its own'
  }.`;
