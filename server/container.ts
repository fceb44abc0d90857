import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { createSystemClock } from './adapters/clock/system-clock';
import { createHub } from './adapters/hub/hub';
import { createSignInLimits } from './adapters/limits/sign-in-limits';
import { createMailMessenger } from './adapters/notify/mail-messenger';
import { createSlackConnections } from './adapters/notify/slack-chat';
import { createPusher } from './adapters/notify/web-push';
import { createWebhooks } from './adapters/notify/webhooks';
import { createPasswords } from './adapters/passwords/argon2-passwords';
import { createCedarLanguage } from './adapters/policy/cedar/cedar-language';
import { createPresenceKeys } from './adapters/presence/webauthn';
import { createPseudonyms } from './adapters/pseudonyms/hmac-pseudonyms';
import { createReleaseSigner } from './adapters/signer/release-signer';
import { SessionStock } from './adapters/sql/session-stock';
import { brokerParts } from './adapters/targets/broker-parts';
import { createVault } from './adapters/vault/aes-gcm-vault';
import type { World } from './api/trpc/context';
import type { Pusher } from './domain/push';
import type { Env } from './env';
import { warmUp } from './operations/warm-up';
import { AgentHabits } from './store/agent-habits';
import { Catalog } from './store/catalog-cache';
import { type Database, openDatabase } from './store/database';
import { Directories } from './store/directory-cache';
import { KnowledgeMemory } from './store/knowledge-memory';
import { PoliciesInForce } from './store/policies-in-force';
import { RunMemory } from './store/run-memory';
import { SubmissionWriter } from './store/submissions';
import { createBacklog } from './workers/backlog';
import { createBacktestWorker } from './workers/backtests';
import { createOutboxWorker } from './workers/outbox';
import { createUsageWorker } from './workers/usage';
import { createWatch } from './workers/watch';

export type Container = {
  /** What operations and the API work with. */
  readonly world: World;
  readonly secret: Uint8Array;
  readonly slack: ReturnType<typeof createSlackConnections>;
  /** Listens for changes and begins to look for work. */
  start(): Promise<void>;
  /** Ends long polls, so that those who wait are answered before the server drains. */
  stopWaiting(): Promise<void>;
  /** Finishes what is under way, then closes every connection. */
  close(): Promise<void>;
};

/** The ways notices leave by, as far as they are set up. */
const channelsOf = (env: Env, slack: Container['slack'], push: Pusher) => ({
  push,
  mail: env.SMTP_URL ? createMailMessenger(env.SMTP_URL, env.MAIL_FROM) : null,
  chats: slack.map(({ chat }) => chat),
  hooks: createWebhooks(env.HOLDPOINT_WEBHOOKS, { now: () => new Date() }),
});

/** What signing in takes. */
const doorOf = (db: Database) => ({
  passwords: createPasswords(),
  signInLimits: createSignInLimits(db.pool),
});

/** Where people open it. */
const urlOf = (env: Env): string => (env.HOLDPOINT_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, '');

/** What this process remembers of runs and agents; none of it is trusted to be current. */
const memoriesOf = (db: Database, catalog: Catalog) => ({
  runs: new RunMemory(db, catalog),
  knowledge: new KnowledgeMemory(db),
  habits: new AgentHabits(db),
});

/** Workers that look at what is there by themselves. */
const LOOKING = [createWatch, createUsageWorker, createBacktestWorker];

/** Builds every part once and hands it to the others; nothing here connects before `start`. */
export function createContainer(env: Env): Container {
  const log = pino({ level: env.HOLDPOINT_LOG });
  const secret = Buffer.from(env.HOLDPOINT_SECRET, 'base64');
  const db = openDatabase(env.DATABASE_URL);
  const vault = createVault(secret);
  const { until, ...clock } = createSystemClock();
  const url = urlOf(env);
  const hub = createHub({ url: env.DATABASE_URL, log });
  const catalog = new Catalog(db, vault);
  const directories = new Directories(db);
  const stock = new SessionStock();
  const brokers = brokerParts(clock, { stock });
  const policyLanguage = createCedarLanguage();
  const backlog = createBacklog(() => world, log);
  const world: World = {
    db,
    clock,
    until,
    vault,
    log,
    catalog,
    directories,
    ...memoriesOf(db, catalog),
    pseudonyms: createPseudonyms(secret),
    backlog,
    policies: new PoliciesInForce(db, policyLanguage),
    policyLanguage,
    calendar: env.HOLDPOINT_BUSINESS_HOURS ?? null,
    signer: createReleaseSigner(secret),
    presence: createPresenceKeys(url),
    pusher: createPusher(secret, url),
    analyzers: brokers.analyzers,
    executors: brokers.executors,
    inspector: brokers.inspector,
    submissions: new SubmissionWriter(db.pool),
    changes: hub,
    ...doorOf(db),
    url,
    processId: `${process.pid}-${randomUUID()}`,
  };
  const slack = createSlackConnections(env.HOLDPOINT_SLACK);
  const outbox = createOutboxWorker(world, channelsOf(env, slack, world.pusher), log);
  const workers = [backlog, outbox, ...LOOKING.map((create) => create(world, log))];
  hub.onConfig((workspaceId) => {
    for (const cache of [catalog, directories, world.policies]) cache.drop(workspaceId ?? undefined);
  });
  return {
    world,
    secret,
    slack,
    async start() {
      await hub.start();
      await warmUp(world).catch((error: unknown) => log.warn({ err: error }, 'could not warm up'));
      for (const worker of workers) worker.start();
    },
    stopWaiting: () => hub.shutdown(),
    async close() {
      const stopped = workers.map((worker) => worker.stop());
      policyLanguage.close();
      await Promise.all(stopped);
      stock.close();
      await db.close();
    },
  };
}
