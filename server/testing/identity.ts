import { randomBytes } from 'node:crypto';
import { formatAgentKey, hashKeySecret, keyPrefix } from '@/server/domain/agent-key';
import type { Role } from '@/server/domain/vocabulary';
import type { Database } from '@/server/store/database';
import { newId } from '@/server/store/new-id';

/** A workspace with nobody in it. */
export async function createWorkspace(db: Database, name = 'Acme'): Promise<string> {
  const id = newId('workspace');
  await db.prisma.workspace.create({ data: { id, name } });
  return id;
}

export type TestPerson = { id: string; workspaceId: string; email: string; name: string };

/** Somebody in a workspace; a reviewer unless said otherwise. Give `passwordHash` for people who sign in. */
export async function createPerson(
  db: Database,
  workspaceId: string,
  options: {
    name?: string;
    email?: string;
    roles?: Role[];
    clearances?: string[];
    passwordHash?: string | null;
  } = {},
): Promise<TestPerson> {
  const id = newId('person');
  const person = {
    id,
    workspaceId,
    email: options.email ?? `${id}@example.com`,
    name: options.name ?? 'Ana Ruiz',
  };
  await db.prisma.person.create({
    data: {
      ...person,
      roles: options.roles ?? ['reviewer'],
      clearances: options.clearances ?? [],
      passwordHash: options.passwordHash ?? null,
    },
  });
  return person;
}

export type TestAgent = { id: string; workspaceId: string; keyId: string; key: string };

/** An agent of `ownerId` with one key; the key's text is known here because a test made it. */
export async function createAgent(
  db: Database,
  owner: TestPerson,
  options: { name?: string; clearances?: string[]; expiresAt?: Date } = {},
): Promise<TestAgent> {
  const { workspaceId } = owner;
  const id = newId('agent');
  await db.prisma.agent.create({
    data: {
      id,
      workspaceId,
      ownerId: owner.id,
      name: options.name ?? id,
      clearances: options.clearances ?? [],
    },
  });
  const keyId = newId('key');
  const secret = randomBytes(32);
  const key = formatAgentKey(keyId, secret);
  await db.prisma.agentKey.create({
    data: {
      id: keyId,
      workspaceId,
      agentId: id,
      secretHash: hashKeySecret(secret) as Uint8Array<ArrayBuffer>,
      prefix: keyPrefix(key),
      expiresAt: options.expiresAt ?? null,
    },
  });
  return { id, workspaceId, keyId, key };
}
