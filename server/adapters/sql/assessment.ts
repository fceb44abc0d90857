import type { UnknownFact } from '@/server/domain/footprint';
import {
  type CatalogFacts,
  type FunctionFacts,
  relationName,
  runsDynamicSql,
  wordsIn,
} from './catalog-facts';
import { isComputingExtension, isHarmlessVolatile, ruleForFunction } from './function-rules';
import type { Gate } from './gate';
import type { SessionIdentity } from './session-identity';
import type { StaticFootprint } from './static-footprint';

/** Whether a statement may be run to be measured, and what stays unknown whatever comes out. */
export type Assessment = {
  run: 'read_only' | 'rehearse' | 'refuse';
  unknowns: UnknownFact[];
  /** Proven to only read: by the grammar, by every function's volatility, and by running in a READ ONLY transaction. */
  plainRead: boolean;
};

/** Decides from text and catalog alone, so that measuring and executing decide alike. Doubt means: not run. */
export function assess(
  gate: Gate,
  found: StaticFootprint,
  facts: CatalogFacts,
  identity: SessionIdentity,
): Assessment {
  const verdicts = [
    ...ofShape(gate, identity),
    ...gate.sideEffects.map(({ message }) => stop('side_effect', message)),
    ...gate.sequences.filter(({ sets }) => sets).map(() => stop('side_effect', SETS_SEQUENCE)),
    ...found.volatileBuiltins
      .filter((name) => !isHarmlessVolatile(name) && ruleForFunction(name) === null)
      .map((name) =>
        stop('side_effect', `The function ${name} is not known to stay inside its transaction.`),
      ),
    ...facts.functions.flatMap(ofFunction),
    ...facts.relations
      .filter((relation) => relation.server !== null)
      .map((relation) =>
        stop(
          'remote_table',
          `${relationName(relation)} lives on the foreign server ${relation.server}; what happens there is not measured.`,
          relationName(relation),
        ),
      ),
  ];
  const refuse = verdicts.some(({ stops }) => stops);
  const volatile = facts.functions.some(({ volatility }) => volatility === 'v');
  const reads = gate.shape === 'read' || gate.shape === 'explain';
  const plainRead = reads && !volatile && !refuse && found.problem === null;
  return {
    run: refuse ? 'refuse' : plainRead ? 'read_only' : 'rehearse',
    unknowns: distinct(verdicts.map(({ fact }) => fact)),
    plainRead,
  };
}

type Judged = { stops: boolean; fact: UnknownFact };

const judged = (stops: boolean, code: UnknownFact['code'], message: string, resource?: string): Judged => ({
  stops,
  fact: { code, message, ...(resource === undefined ? {} : { resource }) },
});
const stop = (code: UnknownFact['code'], message: string, resource?: string): Judged =>
  judged(true, code, message, resource);
const note = (code: UnknownFact['code'], message: string, resource?: string): Judged =>
  judged(false, code, message, resource);

const SETS_SEQUENCE =
  'setval moves a sequence for everyone at once and is not undone by a rollback, so it was not rehearsed.';

function ofShape(gate: Gate, identity: SessionIdentity): Judged[] {
  if (gate.shape === 'define')
    return [
      stop(
        'rehearsal_refused',
        'Data definition locks its objects against everyone else, so it was not run to be measured. What it changes has to be read from the statement.',
      ),
    ];
  if (gate.shape === 'truncate')
    return [
      stop(
        'rehearsal_refused',
        'TRUNCATE locks the table against everyone else, so it was not run to be measured. The rows shown are those there now; all of them would go.',
      ),
    ];
  if (!identity.countsRows && gate.shape === 'write')
    return [
      stop(
        'rehearsal_refused',
        'The server does not count rows, so nothing could be measured. An administrator switches that on: ALTER SYSTEM SET track_counts = on; SELECT pg_reload_conf();',
      ),
    ];
  return [];
}

/** Languages whose code cannot leave the database by itself. */
const SANDBOXED: ReadonlySet<string> = new Set(['sql', 'plpgsql']);

function ofFunction(fn: FunctionFacts): Judged[] {
  const opaque = (stops: boolean, why: string): Judged =>
    judged(stops, 'opaque_function', `The function ${fn.signature} ${why}.`, fn.signature);
  if (fn.language === 'internal') {
    const rule = ruleForFunction(fn.source ?? '');
    return rule === null ? [] : [opaque(true, `is another name for the built-in ${fn.source}`)];
  }
  if (fn.language === 'c') return ofNativeFunction(fn, opaque);
  if (!fn.trusted)
    return [
      opaque(
        true,
        `is written in ${fn.language}, which can leave the database; it was not run to be measured`,
      ),
    ];
  const source = fn.source ?? '';
  const words = wordsIn(source);
  const verdicts = [...words].flatMap((word) => ofWord(word, opaque));
  if (words.has('u&')) verdicts.push(opaque(true, 'hides names behind Unicode escapes'));
  if (!SANDBOXED.has(fn.language) || (fn.language === 'plpgsql' && runsDynamicSql(source))) {
    const powerful = fn.securityDefiner && fn.ownerSuperuser !== false;
    verdicts.push(
      opaque(
        powerful,
        powerful
          ? 'builds SQL at run time and runs it as a superuser'
          : 'builds SQL at run time, which the catalog cannot describe',
      ),
    );
  }
  return verdicts;
}

function ofNativeFunction(fn: FunctionFacts, opaque: (stops: boolean, why: string) => Judged): Judged[] {
  if (ruleForFunction(fn.name)?.treatment === 'forbidden' || ruleForFunction(fn.source ?? '') !== null) {
    return [opaque(true, 'reaches outside the transaction')];
  }
  if (fn.extension !== null && isComputingExtension(fn.extension)) return [];
  return [opaque(true, 'is native code, which nothing can look into; it was not run to be measured')];
}

function ofWord(word: string, opaque: (stops: boolean, why: string) => Judged): Judged[] {
  if (word === 'pg_notify' || word === 'notify') {
    return [
      note('side_effect', 'A function sends notifications to other sessions when the transaction commits.'),
    ];
  }
  // Set for one transaction or a session, and put back by the rollback: usual in row security, harmless here.
  if (word === 'set_config') return [];
  if (word === 'copy' || word === 'load') return [opaque(true, `uses ${word.toUpperCase()}`)];
  const rule = ruleForFunction(word);
  if (rule === null || (rule.treatment === 'sequence' && !rule.sets)) return [];
  return [opaque(true, `uses ${word}, which reaches outside the transaction`)];
}

function distinct(facts: readonly UnknownFact[]): UnknownFact[] {
  const seen = new Map(facts.map((fact) => [`${fact.code} ${fact.message}`, fact]));
  return [...seen.values()];
}
