import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hashOf } from '@/server/domain/canonical';
import type { HttpTarget, ToolDefinition } from '@/server/domain/catalog';
import type { PlannedCall } from '@/server/domain/ports';
import { httpLimits } from '@/server/domain/target-settings';

export const CRM = {
  openapi: '3.1.0',
  info: { title: 'CRM', version: '1' },
  paths: {
    '/customers': {
      get: {
        operationId: 'listCustomers',
        parameters: [
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
          { name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'X-Trace', in: 'header', schema: { type: 'string' } },
          { name: 'X-Key', in: 'header', schema: { type: 'string' } },
          { name: 'X-Forwarded-For', in: 'header', schema: { type: 'string' } },
        ],
        responses: {
          200: {
            description: 'ok',
            content: {
              'application/json': {
                schema: { type: 'array', items: { $ref: '#/components/schemas/Customer' } },
              },
            },
          },
        },
        'x-holdpoint': { effect: 'read', count: 20, subjects: 20 },
      },
      post: {
        operationId: 'createCustomer',
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Customer' } } },
        },
        responses: { 201: { description: 'created' } },
      },
    },
    '/customers/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'integer', minimum: 1 } }],
      get: {
        operationId: 'getCustomer',
        responses: { 200: { description: 'ok' } },
        'x-holdpoint': { effect: 'read', returns: ['personal'], count: 1, subjects: 1 },
      },
      patch: {
        operationId: 'changeCustomer',
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['email'],
                properties: { email: { type: 'string', format: 'email' } },
                additionalProperties: false,
              },
            },
          },
        },
        responses: { 200: { description: 'ok' } },
        'x-holdpoint': { effect: 'write', classes: ['personal'], reversible: true, count: 1, subjects: 1 },
      },
      delete: { operationId: 'deleteCustomer', responses: { 204: { description: 'gone' } } },
    },
    '/customers/me': { get: { responses: { 200: { description: 'ok' } } } },
    '/files/{name}': {
      get: {
        parameters: [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'ok' } },
        'x-holdpoint': { effect: 'read', returns: ['internal'], count: 1 },
      },
    },
  },
  components: {
    schemas: {
      Customer: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', 'x-holdpoint': { classes: ['personal'] } },
          parent: { $ref: '#/components/schemas/Customer' },
          note: { type: 'string', example: 'x' },
        },
      },
    },
  },
};

export function httpTarget(extra: Partial<HttpTarget> = {}): HttpTarget {
  const parts = {
    kind: 'http' as const,
    baseUrl: 'https://crm.example/v1',
    openapi: CRM,
    credentials: null,
    allowedHosts: [],
    allowPrivate: [],
    limits: httpLimits.parse({}),
    operations: {},
    probe: false,
    idempotencyKey: false,
    ...extra,
  };
  return {
    id: 'tgt_1',
    workspaceId: 'ws_1',
    name: 'crm',
    definitionHash: hashOf({ ...parts, credentials: null }),
    ...parts,
  };
}

export function httpCall(
  target: HttpTarget,
  args: Record<string, unknown>,
  operationId: string | null = null,
): PlannedCall {
  const tool: ToolDefinition = {
    id: 'tool_1',
    workspaceId: 'ws_1',
    name: 'crm.call',
    description: '',
    kind: 'http',
    execution: 'broker',
    inputSchema: {},
    effects: [],
    operationId,
    target,
    definitionHash: 'tool-hash',
  };
  return { tool, args };
}

export type Heard = { method: string; url: string; headers: IncomingMessage['headers']; body: string };
export type TestService = { url: string; port: number; heard: Heard[]; close(): Promise<void> };

/** A real service on the loopback that answers as `handle` says and remembers what it was asked. */
export async function startService(
  handle: (request: IncomingMessage & { body: string }, response: ServerResponse) => void,
  make: (listener: (request: IncomingMessage, response: ServerResponse) => void) => Server = createServer,
): Promise<TestService> {
  const heard: Heard[] = [];
  const server = make((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      heard.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      handle(Object.assign(request, { body }), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    heard,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
