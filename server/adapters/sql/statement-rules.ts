/** Statement types of the grammar, by what the gate does with them. A type in neither list is refused: new grammar is never waved through. */

const REFUSED: Readonly<Record<string, readonly [rule: string, message: string]>> = {
  TransactionStmt: [
    'transaction_control',
    'Holdpoint opens and ends the transaction itself. Submit only the statement between BEGIN and COMMIT.',
  ],
  VariableSetStmt: [
    'session_state',
    'Settings are pinned by Holdpoint (SET and RESET are not available). Name schemas and time zones in the statement instead.',
  ],
  VariableShowStmt: ['session_state', "SHOW is not available. Use SELECT current_setting('name') instead."],
  AlterSystemStmt: ['server_control', 'ALTER SYSTEM changes the whole server and is never run.'],
  DoStmt: [
    'anonymous_code',
    'DO runs code nobody can review beforehand. Submit the statements it would run, one action each.',
  ],
  CallStmt: [
    'procedure_call',
    'Procedures can commit on their own, so they cannot be rehearsed. Submit the statements one by one.',
  ],
  ListenStmt: ['notification', 'LISTEN is not available through Holdpoint.'],
  NotifyStmt: ['notification', 'NOTIFY reaches other sessions and is not available through Holdpoint.'],
  UnlistenStmt: ['notification', 'UNLISTEN is not available through Holdpoint.'],
  LockStmt: [
    'explicit_lock',
    'LOCK TABLE blocks everyone else. Use SELECT … FOR UPDATE on the rows in question.',
  ],
  PrepareStmt: [
    'prepared_statement',
    'PREPARE hides what runs later. Submit the statement itself with params.',
  ],
  ExecuteStmt: ['prepared_statement', 'EXECUTE hides what runs. Submit the statement itself with params.'],
  DeallocateStmt: ['prepared_statement', 'There are no prepared statements to deallocate.'],
  CopyStmt: ['copy', 'COPY moves data around the gate. Use SELECT to read and INSERT to write.'],
  VacuumStmt: ['maintenance', 'Maintenance commands (VACUUM, ANALYZE) are not run for agents.'],
  ClusterStmt: ['maintenance', 'Maintenance commands are not run for agents.'],
  RepackStmt: ['maintenance', 'Maintenance commands are not run for agents.'],
  ReindexStmt: ['maintenance', 'Maintenance commands are not run for agents.'],
  CheckPointStmt: ['maintenance', 'Maintenance commands are not run for agents.'],
  DiscardStmt: [
    'session_state',
    'DISCARD changes the session. Every statement already has a session of its own.',
  ],
  LoadStmt: ['server_control', 'LOAD brings native code into the server and is never run.'],
  DeclareCursorStmt: ['cursor', 'Cursors live longer than the statement. Submit the SELECT itself.'],
  FetchStmt: ['cursor', 'Cursors live longer than the statement. Submit the SELECT itself.'],
  ClosePortalStmt: ['cursor', 'Cursors live longer than the statement. Submit the SELECT itself.'],
  ConstraintsSetStmt: [
    'session_state',
    'Constraints are always checked before anything is committed; SET CONSTRAINTS is not available.',
  ],
};

/** Only for a better message than the default refusal: everything not listed below is refused anyway. */
const SERVER_WIDE =
  /(Role|Database|db|Tablespace|TableSpace|Extension|Fdw|ForeignServer|ForeignTable|ForeignSchema|UserMapping|Subscription|Publication|EventTrig|PLang|Owned|SecLabel|DefaultPrivileges)/;

/** Data definition inside one database: measured as `define`, held at the highest requirement, run in one transaction when released. */
const DEFINES: ReadonlySet<string> = new Set([
  'CreateStmt',
  'CreateTableAsStmt',
  'ViewStmt',
  'RefreshMatViewStmt',
  'IndexStmt',
  'CreateSeqStmt',
  'AlterSeqStmt',
  'AlterTableStmt',
  'RenameStmt',
  'AlterObjectSchemaStmt',
  'AlterOwnerStmt',
  'AlterObjectDependsStmt',
  'DropStmt',
  'CreateSchemaStmt',
  'CommentStmt',
  'GrantStmt',
  'CreateFunctionStmt',
  'AlterFunctionStmt',
  'CreateTrigStmt',
  'RuleStmt',
  'CreatePolicyStmt',
  'AlterPolicyStmt',
  'CreateDomainStmt',
  'AlterDomainStmt',
  'CompositeTypeStmt',
  'CreateEnumStmt',
  'AlterEnumStmt',
  'CreateRangeStmt',
  'AlterTypeStmt',
  'DefineStmt',
  'CreateStatsStmt',
  'AlterStatsStmt',
]);

export const ROW_STATEMENTS: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

export type StatementClass =
  | { kind: 'rows' | 'explain' | 'truncate' | 'define' }
  | { kind: 'forbidden'; rule: string; message: string };

/** What the gate does with a statement of this type, before looking inside it. */
export function classifyStatement(type: string): StatementClass {
  if (ROW_STATEMENTS.has(type)) return { kind: 'rows' };
  if (type === 'ExplainStmt') return { kind: 'explain' };
  if (type === 'TruncateStmt') return { kind: 'truncate' };
  const refused = REFUSED[type];
  if (refused !== undefined) return { kind: 'forbidden', rule: refused[0], message: refused[1] };
  if (SERVER_WIDE.test(type)) {
    return {
      kind: 'forbidden',
      rule: 'server_administration',
      message:
        'Roles, databases, extensions, foreign servers and the like are administered by people, not by agents.',
    };
  }
  if (DEFINES.has(type)) return { kind: 'define' };
  return {
    kind: 'forbidden',
    rule: 'unsupported_statement',
    message:
      'Only SELECT, INSERT, UPDATE, DELETE, MERGE, EXPLAIN, TRUNCATE and data definition can be submitted.',
  };
}
