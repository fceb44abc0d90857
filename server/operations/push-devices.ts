import { z } from 'zod';
import { accept, type Outcome, refuse } from '@/server/domain/refusal';
import type { ReviewerScope } from '@/server/domain/scopes';
import { storable } from '@/server/domain/storable-text';
import { append } from '@/server/store/audit';
import { inTransaction } from '@/server/store/database';
import { newId } from '@/server/store/new-id';
import { personActor } from './administrators';
import type { Deps } from './deps';

const MOST = 10;
const base64url = (bytes: number, most = bytes) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+={0,2}$/)
    .refine(
      (text) => {
        const { length } = Buffer.from(text, 'base64url');
        return length >= bytes && length <= most;
      },
      { message: 'is not a key of a browser' },
    );

export const addDeviceInput = z.strictObject({
  endpoint: storable(z.string().max(2_000)).refine((text) => URL.canParse(text) && /^https?:/.test(text), {
    message: 'is no address of a push service',
  }),
  p256dh: base64url(65),
  auth: base64url(16, 64),
  /** What the browser calls itself. */
  userAgent: storable(z.string().max(500)).optional(),
});
export const removeDeviceInput = z.strictObject({ deviceId: storable(z.string().min(1).max(100)) });

export type DeviceView = {
  deviceId: string;
  userAgent: string | null;
  createdAt: string;
  shownAt: string | null;
  /** Where it takes them: how a browser knows itself in the list. */
  endpoint: string;
};
type Needs = Pick<Deps, 'db'> & Pick<Deps, 'pusher'>;

/** One's own browsers that show notifications, and the key another one subscribes with. */
export async function listDevices(
  deps: Needs,
  { personId, workspaceId }: ReviewerScope,
): Promise<{ publicKey: string; devices: DeviceView[] }> {
  const rows = await deps.db.prisma.pushDevice.findMany({
    where: { personId, workspaceId },
    orderBy: { id: 'asc' },
  });
  return {
    publicKey: deps.pusher.publicKey,
    devices: rows.map((row) => ({
      deviceId: row.id,
      userAgent: row.userAgent,
      createdAt: row.createdAt.toISOString(),
      shownAt: row.shownAt?.toISOString() ?? null,
      endpoint: row.endpoint,
    })),
  };
}

/** Keeps a browser that asked its push service for an address. One that was somebody else's before is from now on this person's alone. */
export async function addDevice(
  deps: Needs,
  person: ReviewerScope,
  input: z.infer<typeof addDeviceInput>,
): Promise<Outcome<{ deviceId: string }>> {
  const { personId, workspaceId } = person;
  const { endpoint, p256dh, auth, userAgent = null } = input;
  return inTransaction<Outcome<{ deviceId: string }>>(deps.db, async (tx) => {
    const others = await tx.pushDevice.count({ where: { personId, endpoint: { not: endpoint } } });
    if (others >= MOST)
      return refuse('conflict', `${MOST} browsers show you notifications. Remove one first.`);
    const of = { workspaceId, personId, p256dh, auth, userAgent };
    const row = await tx.pushDevice.upsert({
      where: { endpoint },
      create: { id: newId('device'), endpoint, ...of },
      update: of,
    });
    await append(tx, {
      workspaceId,
      kind: 'device.created',
      actor: personActor(person),
      data: { deviceId: row.id, personId, name: 'for notifications' },
    });
    return accept({ deviceId: row.id });
  });
}

/** Ends notifications in one of one's own browsers; one that is gone already is no error. */
export async function removeDevice(
  deps: Needs,
  person: ReviewerScope,
  { deviceId }: z.infer<typeof removeDeviceInput>,
): Promise<Outcome<{ deviceId: string }>> {
  const { personId, workspaceId } = person;
  return inTransaction<Outcome<{ deviceId: string }>>(deps.db, async (tx) => {
    const { count } = await tx.pushDevice.deleteMany({ where: { id: deviceId, personId, workspaceId } });
    if (count > 0)
      await append(tx, {
        workspaceId,
        kind: 'device.removed',
        actor: personActor(person),
        data: { deviceId, personId, name: 'for notifications' },
      });
    return accept({ deviceId });
  });
}
