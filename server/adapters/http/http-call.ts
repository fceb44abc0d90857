import type { HttpTarget } from '@/server/domain/catalog';
import { isObject, type JsonObject } from '@/server/domain/json-object';
import { toPointer } from '@/server/domain/json-pointer';
import type { ApiOperation, ApiParameter } from '@/server/domain/openapi';
import { ruleFor } from '@/server/domain/operation-rules';
import type { PlannedCall } from '@/server/domain/ports';
import type { InputProblem } from '@/server/domain/refusal';
import type { OperationRule } from '@/server/domain/target-settings';
import { type Api, apiOf } from './api';
import { headerFault } from './request-headers';
import { readPath, segmentFault } from './request-path';

/** A call as it will go out, without its credentials, and what is declared about it. */
export type HttpCall = {
  target: HttpTarget;
  operation: ApiOperation;
  rule: OperationRule;
  url: string;
  headers: Record<string, string>;
  body: string | null;
};
type Read = { ok: true; http: HttpCall } | { ok: false; problems: InputProblem[] };
const wrong = (pointer: string, message: string): Read => ({ ok: false, problems: [{ pointer, message }] });

/** Where the parts of a call stand in the arguments. */
type Parts = { params: JsonObject; query: JsonObject; headers: JsonObject; body: unknown };
type Matched = { operation: ApiOperation; parts: Parts; isBound: boolean };

/** The one operation a call means and every byte it would send, or everything that is wrong with it. Pure: no network. */
export function readHttpCall(call: PlannedCall): Read {
  const { target } = call.tool;
  if (target?.kind !== 'http')
    return wrong('', 'The tool has no service to call. Ask its operator to give it a target.');
  const api = apiOf(target);
  const matched = match(call, api);
  if ('pointer' in matched) return { ok: false, problems: [matched] };
  const { operation, parts, isBound } = matched;
  if (operation.unsupported !== null)
    return wrong('', `${operation.name} cannot be called through Holdpoint. ${operation.unsupported}`);
  const problems = problemsOf(api, matched, target);
  if (problems.length > 0)
    return { ok: false, problems: problems.map((p) => relocate(p, operation, isBound)) };
  return { ok: true, http: build(target, operation, parts) };
}

function match(call: PlannedCall, api: Api): Matched | InputProblem {
  const { args, tool } = call;
  const of = (name: string): JsonObject => (isObject(args[name]) ? args[name] : {});
  const rest = { query: of('query'), headers: of('headers'), body: args.body };
  if (tool.operationId) {
    const operation = api.operations.find((o) => o.operationId === tool.operationId);
    if (operation === undefined)
      return { pointer: '', message: 'The operation of this tool is not in the document any more.' };
    return { operation, parts: { params: of('params'), ...rest }, isBound: true };
  }
  const path = readPath(String(args.path));
  if (!path.ok) return { pointer: '/path', message: path.fault };
  const method = String(args.method);
  const candidates = api.operations
    .map((operation) => ({ operation, params: paramsOf(operation, path.segments) }))
    .filter((found) => found.params !== null);
  const found = candidates
    .filter(({ operation }) => operation.method === method)
    // A literal path is meant before one with parameters that would fit as well.
    .sort((a, b) => Object.keys(a.params ?? {}).length - Object.keys(b.params ?? {}).length)[0];
  if (found?.params)
    return { operation: found.operation, parts: { params: found.params, ...rest }, isBound: false };
  if (candidates.length === 0) return { pointer: '/path', message: 'is no path of the service’s document' };
  return {
    pointer: '/method',
    message: `is not possible there; ${[...new Set(candidates.map((c) => c.operation.method))].join(', ')} is`,
  };
}

/** What stands for the parameters of a path; null when the path is another one. */
function paramsOf(operation: ApiOperation, segments: readonly string[]): JsonObject | null {
  const template = operation.path.split('/').slice(1);
  const wanted = template.length === 1 && template[0] === '' ? [] : template;
  if (wanted.length !== segments.length) return null;
  const params: JsonObject = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    const segment = segments[index] ?? '';
    if (name === undefined ? part !== segment : false) return null;
    if (name !== undefined) params[name] = typed(operation, name, segment);
  }
  return params;
}

/** A segment is text; where the document says number, it is read as one when that is what it is. */
function typed(operation: ApiOperation, name: string, text: string): unknown {
  const schema = operation.parameters.find((p) => p.in === 'path' && p.name === name)?.schema;
  const isNumber = schema?.type === 'integer' || schema?.type === 'number';
  return isNumber && /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/.test(text) ? Number(text) : text;
}

function problemsOf(api: Api, { operation, parts }: Matched, target: HttpTarget): InputProblem[] {
  const { credentials } = target;
  const sealed =
    credentials !== null && 'header' in credentials ? credentials.header.name.toLowerCase() : null;
  const has = (place: ApiParameter['in']) => operation.parameters.some((p) => p.in === place);
  const args = {
    ...(has('path') ? { params: parts.params } : {}),
    ...(has('query') || Object.keys(parts.query).length > 0 ? { query: parts.query } : {}),
    ...(has('header') || Object.keys(parts.headers).length > 0 ? { headers: parts.headers } : {}),
    ...(parts.body === undefined ? {} : { body: parts.body }),
  };
  let problems: InputProblem[];
  try {
    problems = api.validatorOf(operation)(args);
  } catch {
    return [{ pointer: '', message: `${operation.name} cannot be called: its schema cannot be checked.` }];
  }
  const headers = Object.entries(parts.headers).flatMap(([name, value]) => {
    const isCredential = sealed !== null && name.toLowerCase() === sealed;
    const message = isCredential ? 'is not an agent’s to set; remove it' : headerFault(name, String(value));
    return message === null ? [] : [{ pointer: toPointer(['headers', name]), message }];
  });
  const segments = Object.entries(parts.params).flatMap(([name, value]) => {
    const message = segmentFault(String(value));
    return message === null ? [] : [{ pointer: toPointer(['params', name]), message }];
  });
  return [...headers, ...segments, ...problems];
}

/** A tool for every operation names its path in one text: what is wrong with a part of it is wrong there. */
function relocate(problem: InputProblem, operation: ApiOperation, isBound: boolean): InputProblem {
  if (isBound || !problem.pointer.startsWith('/params')) return problem;
  const name = problem.pointer.split('/')[2] ?? '';
  return { pointer: '/path', message: `{${name}} of ${operation.path} ${problem.message}` };
}

const asText = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

function build(target: HttpTarget, operation: ApiOperation, parts: Parts): HttpCall {
  const path = operation.path.replace(/\{([^{}]+)\}/g, (_, name: string) =>
    encodeURIComponent(asText(parts.params[name])),
  );
  const query = new URLSearchParams();
  for (const parameter of operation.parameters.filter((p) => p.in === 'query')) {
    const value = parts.query[parameter.name];
    if (value === undefined) continue;
    const values = Array.isArray(value) ? value.map(asText) : [asText(value)];
    if (parameter.explode) for (const each of values) query.append(parameter.name, each);
    else query.append(parameter.name, values.join(','));
  }
  const { body } = parts;
  const sends = operation.body !== null && body !== undefined;
  const isJson = operation.body !== null && /json/i.test(operation.body.contentType);
  return {
    target,
    operation,
    rule: ruleFor(target, operation),
    url: `${target.baseUrl}${path}${query.size > 0 ? `?${query}` : ''}`,
    headers: {
      accept: 'application/json, text/*;q=0.9, */*;q=0.1',
      'user-agent': 'Holdpoint',
      ...Object.fromEntries(
        Object.entries(parts.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      ...(sends ? { 'content-type': operation.body?.contentType ?? 'application/json' } : {}),
    },
    body: sends ? (isJson ? JSON.stringify(body) : String(body)) : null,
  };
}
