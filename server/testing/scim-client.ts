import { mintReviewerScope } from '@/server/api/auth/mint-scopes';
import type { ReviewerScope } from '@/server/domain/scopes';
import { createScimToken } from '@/server/operations/create-scim-token';
import { send, serveFront } from './front';
import { accepted } from './world';

export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export type Json = Record<string, unknown>;
type Answer = Awaited<ReturnType<typeof send>> & { json: Json };

type Scim = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer>;

function clientOf(url: string, token: string): Scim {
  return async (method, path, body, headers = {}) => {
    const answer = await send(`${url}/scim/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { ...answer, json: (answer.text === '' ? {} : JSON.parse(answer.text)) as Json };
  };
}

/** A workspace with an owner, and an identity provider that speaks to it: bodies in the shape in which Entra ID and Okta send them. */
export async function serveScim() {
  const front = await serveFront();
  const owner = await front.createPerson({
    roles: ['owner'],
    email: 'owner@acme.com',
    clearances: ['financial'],
  });
  const scope = mintReviewerScope({
    ...owner,
    personId: owner.id,
    sessionId: 'ses_test',
    roles: ['owner'],
    clearances: [],
  } as unknown as Parameters<typeof mintReviewerScope>[0]);
  const made = accepted(await createScimToken(front.world, scope, { label: 'Entra', expirySeconds: 3_600 }));
  const scim = clientOf(front.url, made.token);
  const patch = (path: string, ...Operations: Json[]) =>
    scim('PATCH', path, { schemas: [PATCH_OP], Operations });
  let counter = 0;
  const created = ({ status, text, json }: Answer): Json => {
    if (status !== 201) throw new Error(`not created: ${status} ${text}`);
    return json;
  };
  return {
    front,
    owner,
    scope: scope as ReviewerScope,
    token: made.token,
    tokenId: made.tokenId,
    scim,
    patch,
    rowOf: (id: string) => front.world.db.prisma.person.findUniqueOrThrow({ where: { id } }),
    eventsOf: (kind: string) =>
      front.world.db.prisma.auditEvent.findMany({ where: { workspaceId: owner.workspaceId, kind } }),
    /** A user as Entra's gallery posts one. */
    async entraUser(of: Json = {}): Promise<{ id: string; email: string; json: Json }> {
      const name = `user${++counter}`;
      const json = created(
        await scim('POST', '/Users', {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
          externalId: `ext-${name}`,
          userName: `${name}@Acme.com`,
          active: true,
          displayName: `Person ${counter}`,
          emails: [{ primary: true, type: 'work', value: `${name}@acme.com` }],
          meta: { resourceType: 'User' },
          name: { formatted: `Person ${counter}`, familyName: 'Person', givenName: name },
          ...of,
        }),
      );
      return { id: json.id as string, email: `${name}@acme.com`, json };
    },
    async oktaGroup(displayName: string, members: string[] = []): Promise<string> {
      const json = created(
        await scim('POST', '/Groups', {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
          displayName,
          members: members.map((value) => ({ value, display: 'x' })),
        }),
      );
      return json.id as string;
    },
    membersOf: async (id: string) =>
      ((await scim('GET', `/Groups/${id}`)).json.members as { value: string }[]).map((m) => m.value).sort(),
  };
}
