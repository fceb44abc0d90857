import type {
  Analyzer,
  Clock,
  Executor,
  PolicyEngine,
  ReleaseSigner,
  TargetInspector,
  Vault,
} from '@/server/domain/ports';
import type { Database } from '@/server/store/database';

/** What operations get handed. Built once per process by `server/container.ts`; tests build their own with real parts. */
export type Deps = {
  db: Database;
  clock: Clock;
  vault: Vault;
  policy: PolicyEngine;
  signer: ReleaseSigner;
  analyzers: { sql: Analyzer; custom: Analyzer };
  executors: { sql: Executor };
  inspector: TargetInspector;
  /** Base of every link, without a trailing slash. */
  url: string;
  /** Names this process in leases. */
  processId: string;
};
