import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { CallRate } from '@/server/api/front/call-rate';
import { readJsonBody } from '@/server/api/front/read-body';
import { versionOf } from '@/server/domain/scim-render';
import { ScimFault, type ScimJson } from '@/server/domain/scim-shapes';
import type { ScimScope } from '@/server/domain/scopes';
import type { Deps } from '@/server/operations/deps';
import { getScim, listScim, SCIM_PAGE_MAX, type ScimType } from '@/server/operations/list-scim';
import { removeScimGroup } from '@/server/operations/remove-scim-group';
import { removeScimPerson } from '@/server/operations/remove-scim-person';
import { saveScimGroup } from '@/server/operations/save-scim-group';
import { saveScimPerson, scimBase } from '@/server/operations/save-scim-person';
import type { AuthenticateScim } from './authenticate-scim';
import { resourceTypes, schemas, serviceProviderConfig } from './discovery';
import { project } from './project';

const PREFIX = '/scim/v2';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
const PAGE_DEFAULT = 100;
/** A group of ten thousand members in one PUT. */
const BODY_MAX = 4 * 1024 * 1024;

export type ScimParts = {
  world: Deps & { log: Pick<Logger, 'error' | 'warn'> };
  authenticate: AuthenticateScim;
  callRate: CallRate;
  addressOf(request: IncomingMessage): string;
};

type Answer = { status: number; body?: ScimJson; headers?: Record<string, string> };
type Call = { scope: ScimScope; request: IncomingMessage; query: URLSearchParams; id: string | null };

/** Whether the path is SCIM's. */
export const isScimPath = (pathname: string): boolean =>
  pathname === '/scim' || pathname.startsWith('/scim/');

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  if (body === undefined) {
    response.end();
    return;
  }
  const text = JSON.stringify(body);
  response.setHeader('content-type', 'application/scim+json');
  response.setHeader('content-length', Buffer.byteLength(text));
  response.end(text);
}

const errorBody = (fault: ScimFault): ScimJson => ({
  schemas: [ERROR],
  status: String(fault.status),
  ...(fault.scimType === null ? {} : { scimType: fault.scimType }),
  detail: fault.detail,
});

/** Two writers at once, or a name taken in between: the database's word for it in SCIM's. */
function faultOf(error: unknown, log: ScimParts['world']['log']): ScimFault {
  if (error instanceof ScimFault) return error;
  if ((error as { code?: unknown }).code === 'P2002') {
    return new ScimFault(409, 'uniqueness', 'Somebody or something has this name already.');
  }
  log.error({ err: error }, 'a SCIM request failed');
  return new ScimFault(503, null, 'This did not work. Nothing was changed; try again.');
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'];
  if (type !== undefined && !/^application\/(scim\+)?json\s*(;|$)/i.test(type)) {
    throw new ScimFault(400, 'invalidSyntax', 'Send application/scim+json.');
  }
  const body = await readJsonBody(request, BODY_MAX);
  if (!body.ok) {
    throw new ScimFault(body.code === 'args_too_large' ? 413 : 400, 'invalidSyntax', body.message);
  }
  return body.value;
}

const wholeNumber = (text: string | null, otherwise: number, name: string): number => {
  if (text === null || text === '') return otherwise;
  const n = Number(text);
  if (!Number.isInteger(n)) throw new ScimFault(400, 'invalidValue', `${name} is a whole number.`);
  return Math.max(-1, Math.min(n, 10_000_000));
};

const shownOf = (resource: ScimJson, query: URLSearchParams): ScimJson =>
  project(resource, query.get('attributes'), query.get('excludedAttributes'));

async function read(parts: ScimParts, type: ScimType, call: Call): Promise<Answer> {
  const { scope, query, id, request } = call;
  if (id !== null) {
    const resource = await getScim(parts.world, scope, type, id);
    const version = versionOf(resource);
    if (request.headers['if-none-match'] === version) return { status: 304, headers: { etag: version } };
    return { status: 200, body: shownOf(resource, query), headers: { etag: version } };
  }
  const page = await listScim(parts.world, scope, type, {
    filter: query.get('filter'),
    startIndex: wholeNumber(query.get('startIndex'), 1, 'startIndex'),
    count: wholeNumber(query.get('count'), PAGE_DEFAULT, 'count'),
  });
  const resources = page.resources.map((resource) => shownOf(resource, query));
  return {
    status: 200,
    body: {
      schemas: [LIST],
      totalResults: page.total,
      startIndex: page.startIndex,
      itemsPerPage: resources.length,
      Resources: resources,
    },
  };
}

const HOW = { POST: 'create', PUT: 'replace', PATCH: 'patch' } as const;

async function write(
  parts: ScimParts,
  type: ScimType,
  call: Call,
  method: keyof typeof HOW,
): Promise<Answer> {
  const save = type === 'Users' ? saveScimPerson : saveScimGroup;
  const { resource, created } = await save(parts.world, call.scope, {
    id: call.id,
    how: HOW[method],
    body: await bodyOf(call.request),
    ifMatch: call.request.headers['if-match'],
  });
  const headers = { etag: versionOf(resource), location: (resource.meta as { location: string }).location };
  return { status: created ? 201 : 200, body: shownOf(resource, call.query), headers };
}

async function remove(parts: ScimParts, type: ScimType, call: Call & { id: string }): Promise<Answer> {
  const take = type === 'Users' ? removeScimPerson : removeScimGroup;
  await take(parts.world, call.scope, { id: call.id, ifMatch: call.request.headers['if-match'] });
  return { status: 204 };
}

async function onResource(parts: ScimParts, type: ScimType, call: Call): Promise<Answer> {
  const { method } = call.request;
  const { id } = call;
  if (method === 'GET') return read(parts, type, call);
  if (method === 'POST' && id === null) return write(parts, type, call, 'POST');
  if ((method === 'PUT' || method === 'PATCH') && id !== null) return write(parts, type, call, method);
  if (method === 'DELETE' && id !== null) return remove(parts, type, { ...call, id });
  throw new ScimFault(501, null, `${method} is not done on this address.`);
}

function discover(kind: string, id: string | null, base: string): ScimJson | null {
  if (kind === 'ServiceProviderConfig' && id === null) return serviceProviderConfig(base, SCIM_PAGE_MAX);
  const all = kind === 'ResourceTypes' ? resourceTypes(base) : kind === 'Schemas' ? schemas(base) : null;
  if (all === null) return null;
  if (id !== null) return all.find((each) => each.id === id) ?? null;
  return {
    schemas: [LIST],
    totalResults: all.length,
    startIndex: 1,
    itemsPerPage: all.length,
    Resources: all,
  };
}

async function answer(parts: ScimParts, request: IncomingMessage): Promise<Answer> {
  const scope = await parts.authenticate(request.headers.authorization, parts.addressOf(request));
  const limited = parts.callRate(scope.tokenId, Date.now());
  if (limited !== null) {
    const retry = String(limited.retryAfterSeconds ?? 1);
    const fault = new ScimFault(429, null, 'Too many requests at once. Slow down.');
    return { status: 429, body: errorBody(fault), headers: { 'retry-after': retry } };
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [kind = '', id, ...more] = url.pathname
    .slice(PREFIX.length)
    .split('/')
    .filter((part) => part !== '')
    .map((part) => decodeURIComponent(part));
  const known = url.pathname.startsWith(`${PREFIX}/`) && more.length === 0 ? kind : '';
  if (known === 'Users' || known === 'Groups') {
    return onResource(parts, known, { scope, request, query: url.searchParams, id: id ?? null });
  }
  const found = request.method === 'GET' ? discover(known, id ?? null, scimBase(parts.world.url)) : null;
  if (found !== null) return { status: 200, body: found };
  throw new ScimFault(404, null, `There is nothing here. The base address is ${scimBase(parts.world.url)}.`);
}

/** SCIM 2.0 for identity providers: authenticated by a token of its own, straight to the operations, errors in SCIM's form. */
export function createScimFront(parts: ScimParts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      send(response, await answer(parts, request));
    } catch (error) {
      if (!request.complete) response.setHeader('connection', 'close');
      const fault =
        error instanceof URIError
          ? new ScimFault(400, 'invalidSyntax', 'The address is not well-formed.')
          : faultOf(error, parts.world.log);
      if (fault.status === 401) response.setHeader('www-authenticate', 'Bearer realm="scim"');
      send(response, { status: fault.status, body: errorBody(fault) });
    }
  };
}
