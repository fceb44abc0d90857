import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client';

declare const minted: unique symbol;

/** A database transaction. Only `inTransaction` mints one, so a write that needs it cannot happen outside. */
export type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0] & { readonly [minted]: true };

/** The two ways to the same PostgreSQL: `pg` for the hot path and plain SQL, Prisma for everything typed. They share one pool. */
export type Database = {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly prisma: PrismaClient;
  close(): Promise<void>;
};

export function openDatabase(url: string, options: { maxConnections?: number } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.maxConnections ?? 20,
    application_name: 'holdpoint',
    keepAlive: true,
    // A process that freezes inside a transaction holds locks a halt has to wait for; the server ends such a transaction in time.
    idle_in_transaction_session_timeout: 10_000,
  });
  // An idle connection that the server closes must not take the process down; the next query gets a new one.
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false }) });
  return {
    url,
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/**
 * Runs `work` in one transaction: everything it writes commits together or not at all (P6). A refusal must be returned before the first
 * write; a throw rolls everything back. Nothing inside may wait on a network other than this database.
 */
export function inTransaction<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.prisma.$transaction((tx) => work(tx as Tx), { maxWait: 5_000, timeout: 15_000 });
}
