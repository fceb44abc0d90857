import { hashLinkToken, LINK_TOKEN } from '@/server/domain/link-token';
import { accept, type Outcome, type Refusal, refuse } from '@/server/domain/refusal';
import type { SetupView } from '@/server/domain/views';
import { findSetupLink } from '@/server/store/setup-links';
import type { Deps } from './deps';

const GONE = 'This link does not work any more. It may have expired, or a newer one replaced it.';

/** One answer for links that never were, were replaced, expired or were used, but for the last: that person just needs to sign in. */
export function deadLink(link: { usedAt: Date | null } | null): Refusal {
  if (link !== null && link.usedAt !== null) {
    return refuse(
      'expired',
      'This link has been used. If that was you, sign in; if it was not, tell an owner at once.',
    );
  }
  return refuse('expired', `${GONE} Ask for a new one.`);
}

/** What the page of a setup link shows. Looking changes nothing: mail scanners and previews open links too (P8). */
export async function findSetup(
  deps: Pick<Deps, 'db' | 'clock'>,
  input: { token: string },
): Promise<Outcome<SetupView>> {
  if (!LINK_TOKEN.test(input.token)) return deadLink(null);
  const link = await findSetupLink(deps.db, hashLinkToken(input.token));
  if (link === null || link.usedAt !== null || link.expiresAt <= deps.clock.now()) return deadLink(link);
  const person =
    link.personId === null
      ? null
      : await deps.db.prisma.person.findUnique({
          where: { id: link.personId },
          select: { name: true, email: true, disabledAt: true, workspace: { select: { name: true } } },
        });
  if (link.personId !== null && (person === null || person.disabledAt !== null)) return deadLink(null);
  return accept({
    purpose: link.purpose,
    expiresAt: link.expiresAt.toISOString(),
    person: person === null ? null : { name: person.name, email: person.email },
    workspace: person?.workspace.name ?? null,
  });
}
