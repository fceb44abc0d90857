import type { BrokerKind, TargetParts, ToolKind } from './catalog';
import { isObject, type JsonObject } from './json-object';
import { type ApiOperation, readOperations } from './openapi';

/** The arguments of every SQL tool (contract.md): parameters are bound, never interpolated. */
export const SQL_INPUT_SCHEMA = {
  type: 'object',
  required: ['statement'],
  properties: {
    statement: { type: 'string', minLength: 1, maxLength: 100_000 },
    params: {
      type: 'array',
      maxItems: 200,
      items: {
        anyOf: [
          { type: ['string', 'number', 'boolean', 'null'] },
          { type: 'array', items: { type: ['string', 'number', 'boolean', 'null'] } },
        ],
      },
    },
  },
  additionalProperties: false,
} as const;

/** The arguments of an HTTP tool that may call every operation of its target's document; each call is then held against that operation. */
export const HTTP_INPUT_SCHEMA = {
  type: 'object',
  required: ['method', 'path'],
  properties: {
    method: { enum: ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] },
    path: { type: 'string', minLength: 1, maxLength: 2_000 },
    query: { type: 'object', maxProperties: 100 },
    headers: {
      type: 'object',
      maxProperties: 50,
      additionalProperties: { type: 'string', maxLength: 4_000 },
    },
    body: {},
  },
  additionalProperties: false,
} as const;

/** The arguments of a files tool: one path, or a glob for what may touch several files. */
export const FILES_INPUT_SCHEMA = {
  type: 'object',
  required: ['operation'],
  properties: {
    operation: { enum: ['read', 'list', 'write', 'append', 'delete', 'move'] },
    path: { type: 'string', minLength: 1, maxLength: 1_000 },
    glob: { type: 'string', minLength: 1, maxLength: 300 },
    to: { type: 'string', minLength: 1, maxLength: 1_000 },
    content: { type: 'string', maxLength: 400_000 },
  },
  additionalProperties: false,
} as const;

export const FIXED_SCHEMAS: Readonly<Record<BrokerKind, JsonObject>> = {
  sql: SQL_INPUT_SCHEMA,
  http: HTTP_INPUT_SCHEMA,
  files: FILES_INPUT_SCHEMA,
};

/** A schema's own definitions belong to the root once it is part of another. */
function hoisted(schemas: JsonObject[], defs: JsonObject): JsonObject[] {
  return schemas.map(({ $defs, ...schema }) => {
    if (isObject($defs)) Object.assign(defs, $defs);
    return schema;
  });
}

/** The arguments of one operation: `params` of its path, `query`, `headers` and `body`, each only where the operation has one. */
export function operationSchema(operation: ApiOperation): JsonObject {
  const $defs: JsonObject = {};
  const properties: JsonObject = {};
  const required: string[] = [];
  for (const [place, name] of [
    ['path', 'params'],
    ['query', 'query'],
    ['header', 'headers'],
  ] as const) {
    const of = operation.parameters.filter((p) => p.in === place);
    if (of.length === 0) continue;
    const schemas = hoisted(
      of.map((p) => p.schema),
      $defs,
    );
    const needed = of.filter((p) => p.required).map((p) => p.name);
    properties[name] = {
      type: 'object',
      properties: Object.fromEntries(of.map((p, i) => [p.name, schemas[i]])),
      ...(needed.length > 0 ? { required: needed } : {}),
      additionalProperties: false,
    };
    if (needed.length > 0) required.push(name);
  }
  if (operation.body !== null) {
    const [body] = hoisted([operation.body.schema], $defs);
    properties.body = body;
    if (operation.body.required) required.push('body');
  }
  return {
    type: 'object',
    ...(required.length > 0 ? { required } : {}),
    properties,
    additionalProperties: false,
    ...(Object.keys($defs).length > 0 ? { $defs } : {}),
  };
}

/** The arguments an agent may send to a tool. One bound to an operation takes that operation's; one the document does not have takes none. */
export function inputSchemaOf(
  tool: { kind: ToolKind; inputSchema: JsonObject; operationId: string | null },
  target: TargetParts | null,
): JsonObject {
  if (tool.kind !== 'http' || tool.operationId === null || target?.kind !== 'http') return tool.inputSchema;
  const operation = readOperations(target.openapi).find((o) => o.operationId === tool.operationId);
  return operation ? operationSchema(operation) : { type: 'object', not: {} };
}
