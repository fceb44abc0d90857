import type { Passwords, SignInLimits } from '@/server/domain/ports';
import type { Deps } from './deps';

/** What sign-in operations need beyond the rest. */
export type SignInDeps = Pick<Deps, 'db' | 'clock' | 'url'> & {
  passwords: Passwords;
  signInLimits: SignInLimits;
};
