import type { Database } from './database';

type StoredDevice = { id: string; endpoint: string; p256dh: string; auth: string };

/** A browser by its id; null when it is none of this workspace, or was removed. */
export function findDevice(db: Database, workspaceId: string, id: string): Promise<StoredDevice | null> {
  return db.prisma.pushDevice.findFirst({
    where: { id, workspaceId },
    select: { id: true, endpoint: true, p256dh: true, auth: true },
  });
}

/** Forgets a browser that takes nothing any more. */
export async function forgetDevice(db: Database, id: string): Promise<void> {
  await db.prisma.pushDevice.deleteMany({ where: { id } });
}

export async function markShown(db: Database, id: string): Promise<void> {
  await db.prisma.pushDevice.updateMany({ where: { id }, data: { shownAt: new Date() } });
}
