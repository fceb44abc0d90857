import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { toPointer } from './json-pointer';
import type { InputProblem } from './refusal';

/** Patterns longer than this cost memory before they match anything. */
const PATTERN_MAX = 500;
/** Deeper arguments would exhaust the stack of whoever walks them. */
const DEPTH_MAX = 64;
/** Comparing every pair of this many items is still instant. */
const UNIQUE_MAX = 1_000;
/** All problems are collected only from small arguments: a list of a million wrong items would be a million problems. */
const THOROUGH_MAX = 2_000;
const PROBLEMS_MAX = 20;

/** RE2 matches in linear time whatever the pattern: an agent's text cannot make an operator's pattern hang the process. */
const linearRegExp = (pattern: string) => {
  const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
  // ajv keeps compiled patterns under their text: without `toString` all patterns would be the first one.
  return { test: (text: string) => compiled.matcher(text).find(), toString: () => pattern };
};
linearRegExp.code = 'linearRegExp';

const FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'uri',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
] as const;
const DRAFT_7 = /^https?:\/\/json-schema\.org\/draft-07\/schema#?$/;
type Schema = Readonly<Record<string, unknown>>;

const draftOf = (schema: Schema): typeof Ajv | typeof Ajv2020 =>
  typeof schema.$schema === 'string' && DRAFT_7.test(schema.$schema) ? Ajv : Ajv2020;

/** Holds schemas against their meta-schema, whose compilation takes ten times as long as that of a schema: once per draft. */
const judges = new Map<typeof Ajv | typeof Ajv2020, Ajv | Ajv2020>();

function judgeOf(schema: Schema): Ajv | Ajv2020 {
  const Draft = draftOf(schema);
  const judge = judges.get(Draft) ?? new Draft({ logger: false });
  judges.set(Draft, judge);
  return judge;
}

/** Every schema gets an instance of its own: `$id`s of two tools must not meet, and dropping the validator drops everything. */
function compile(schema: Schema, allErrors: boolean): ValidateFunction {
  const ajv = new (draftOf(schema))({
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    allErrors,
    meta: false,
    validateSchema: false,
    logger: false,
    code: { regExp: linearRegExp },
  });
  addFormats.default(ajv, [...FORMATS]);
  return ajv.compile(schema);
}

/** What makes a schema unusable as a tool's arguments: each place as a pointer into the schema, with what to do. */
export function findSchemaFaults(schema: Schema): InputProblem[] {
  const faults: InputProblem[] = [];
  if (schema.type !== 'object') {
    faults.push({ pointer: '/type', message: 'Arguments are an object: write type: object.' });
  }
  walk(schema, [], faults);
  if (faults.length > 0) return faults;
  try {
    const judge = judgeOf(schema);
    if (judge.validateSchema(schema) !== true) {
      return (judge.errors ?? []).map((e) => ({ pointer: e.instancePath, message: e.message ?? e.keyword }));
    }
    compile(schema, false);
    return [];
  } catch (error) {
    return [{ pointer: '', message: error instanceof Error ? error.message : 'It does not compile.' }];
  }
}

function walk(node: unknown, path: readonly (string | number)[], faults: InputProblem[]): void {
  if (path.length > DEPTH_MAX) {
    faults.push({ pointer: toPointer(path), message: `Nest at most ${DEPTH_MAX} levels.` });
    return;
  }
  if (node === null || typeof node !== 'object') return;
  if (!Array.isArray(node)) checkNode(node as Record<string, unknown>, path, faults);
  for (const [key, child] of Object.entries(node)) walk(child, [...path, key], faults);
}

function checkNode(
  node: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
  faults: InputProblem[],
): void {
  if (typeof node.pattern === 'string') checkPattern(node.pattern, [...path, 'pattern'], faults);
  if (node.patternProperties !== null && typeof node.patternProperties === 'object') {
    for (const pattern of Object.keys(node.patternProperties)) {
      checkPattern(pattern, [...path, 'patternProperties', pattern], faults);
    }
  }
  const bounded = typeof node.maxItems === 'number' && node.maxItems <= UNIQUE_MAX;
  if (node.uniqueItems === true && !bounded) {
    faults.push({
      pointer: toPointer([...path, 'uniqueItems']),
      message: `Give maxItems (at most ${UNIQUE_MAX}) with uniqueItems, so that comparing stays quick.`,
    });
  }
}

function checkPattern(pattern: string, path: readonly (string | number)[], faults: InputProblem[]): void {
  const pointer = toPointer(path);
  if (pattern.length > PATTERN_MAX) {
    faults.push({ pointer, message: `Shorten the pattern to ${PATTERN_MAX} characters.` });
    return;
  }
  try {
    linearRegExp(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it does not compile';
    faults.push({
      pointer,
      message: `Only patterns that match in linear time are possible (no look-around, no back-references): ${why}.`,
    });
  }
}

/** Problems of some arguments, as JSON pointers into them; empty when they fit. */
export type ArgsValidator = (args: unknown) => InputProblem[];

/** Compiles a schema that `findSchemaFaults` found nothing in; throws otherwise. The validator answers in time linear in the arguments. */
export function compileInputSchema(schema: Schema): ArgsValidator {
  const fits = compile(schema, false);
  let all: ValidateFunction | undefined;
  return (args) => {
    const size = { values: 0 };
    if (!isShallow(args, DEPTH_MAX, size)) {
      return [{ pointer: '', message: `must be nested at most ${DEPTH_MAX} levels deep` }];
    }
    if (fits(args)) return [];
    if (size.values > THOROUGH_MAX) return (fits.errors ?? []).map(toProblem);
    all ??= compile(schema, true);
    all(args);
    return (all.errors ?? []).slice(0, PROBLEMS_MAX).map(toProblem);
  };
}

/** Counts the values on the way, so that one walk answers both questions. */
function isShallow(value: unknown, levels: number, size: { values: number }): boolean {
  size.values++;
  if (value === null || typeof value !== 'object') return true;
  return levels > 0 && Object.values(value).every((child) => isShallow(child, levels - 1, size));
}

function toProblem(error: ErrorObject): InputProblem {
  if (error.keyword === 'required') {
    const missing = String(error.params.missingProperty);
    return { pointer: error.instancePath + toPointer([missing]), message: 'is required; add it' };
  }
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const extra = String(error.params.additionalProperty ?? error.params.unevaluatedProperty);
    return {
      pointer: error.instancePath + toPointer([extra]),
      message: 'is not known to this tool; remove it',
    };
  }
  if (error.keyword === 'enum') {
    const allowed = (error.params.allowedValues as unknown[]).map((v) => JSON.stringify(v)).join(', ');
    return { pointer: error.instancePath, message: `must be one of ${allowed}` };
  }
  return { pointer: error.instancePath, message: error.message ?? `fails ${error.keyword}` };
}
