import { findScimHolder, noteScimContact, type ScimHolder } from '@/server/store/scim-tokens';
import type { Deps } from './deps';

export type { ScimHolder };

/** Who holds the token with this id, whatever its state; null when there is none. The caller compares the secret. */
export function identifyScim(deps: Pick<Deps, 'db'>, tokenId: string): Promise<ScimHolder | null> {
  return findScimHolder(deps.db, tokenId);
}

/** The provider was in touch: that, and not the last change, is how old the directory is. */
export function noteScimUse(
  deps: Pick<Deps, 'db' | 'clock'>,
  holder: Pick<ScimHolder, 'tokenId' | 'workspaceId' | 'label'>,
): Promise<void> {
  return noteScimContact(deps.db, { ...holder, at: deps.clock.now() });
}
