import type { Role } from '@/server/domain/vocabulary';
import { ROLE_WORDS } from './role-words';

/** What somebody's roles let them do. */
export function RoleList({ roles }: { roles: readonly Role[] }) {
  return (
    <ul className="space-y-1 text-base">
      {roles.map((role) => (
        <li key={role}>
          <span className="font-medium">{ROLE_WORDS[role].name}</span>
          <span className="text-soft">: {ROLE_WORDS[role].means}</span>
        </li>
      ))}
    </ul>
  );
}
