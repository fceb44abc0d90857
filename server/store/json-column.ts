import { Prisma } from './generated/client';

/** A value for a nullable JSON column: null becomes SQL NULL, not the JSON word. */
export const jsonOrNull = (value: unknown): Prisma.InputJsonValue | typeof Prisma.DbNull =>
  value === null || value === undefined ? Prisma.DbNull : (value as Prisma.InputJsonValue);
