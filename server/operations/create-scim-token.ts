import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { CreatedScimToken } from '@/server/domain/directory-views';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import { formatScimToken, hashScimSecret } from '@/server/domain/scim-token';
import type { ReviewerScope } from '@/server/domain/scopes';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { countLiveScimTokens } from '@/server/store/scim-tokens';
import { lockWorkspace } from '@/server/store/workspace-state';
import { personActor, refuseUnlessAdministrator } from './administrators';
import type { Deps } from './deps';

const DAY_SECONDS = 24 * 3600;
/** One for each provider and one more while rotating. */
const LIVE_MAX = 10;

export const createScimTokenInput = z.strictObject({
  /** What people call it: the provider it is given to. */
  label: z
    .string()
    .trim()
    .min(1, 'Say which identity provider it is for.')
    .max(100)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'Remove control and invisible characters.'),
  expirySeconds: z
    .number()
    .int()
    .min(3_600)
    .max(730 * DAY_SECONDS)
    .default(365 * DAY_SECONDS),
});

/** A token with which an identity provider keeps people and groups up to date. It is in this answer and nowhere else; it always expires. */
export async function createScimToken(
  deps: Pick<Deps, 'db' | 'clock' | 'url'>,
  person: ReviewerScope,
  input: z.infer<typeof createScimTokenInput>,
): Promise<Outcome<CreatedScimToken>> {
  const refused = refuseUnlessAdministrator(person);
  if (refused !== null) return refused;
  const { workspaceId } = person;
  const now = deps.clock.now();
  const secret = randomBytes(32);
  const id = newId('scimToken');
  const token = formatScimToken(id, secret);
  const prefix = token.slice(0, 'hps_'.length + 26 + 1 + 4);
  const expiresAt = new Date(now.getTime() + input.expirySeconds * 1_000);
  return inTransaction<Outcome<CreatedScimToken>>(deps.db, async (tx) => {
    await lockWorkspace(tx, workspaceId);
    if ((await countLiveScimTokens(tx, workspaceId, now)) >= LIVE_MAX) {
      return refuse(
        'conflict',
        `There are ${LIVE_MAX} working tokens. Revoke one that is no longer needed first.`,
      );
    }
    await tx.scimToken.create({
      data: {
        id,
        workspaceId,
        label: input.label,
        prefix,
        secretHash: new Uint8Array(hashScimSecret(secret)),
        createdById: person.personId,
        createdAt: now,
        expiresAt,
      },
    });
    await append(tx, {
      workspaceId,
      kind: 'scim_token.created',
      actor: personActor(person),
      data: { name: input.label, tokenId: id, prefix, expiresAt: expiresAt.toISOString() },
    });
    return accept({
      tokenId: id,
      token,
      prefix,
      expiresAt: expiresAt.toISOString(),
      endpoint: `${deps.url}/scim/v2`,
    });
  });
}
