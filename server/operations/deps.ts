import type { BusinessCalendar } from '@/server/domain/business-calendar';
import type { BrokerKind, ToolKind } from '@/server/domain/catalog';
import type {
  Analyzer,
  Changes,
  Clock,
  Executor,
  Measured,
  PolicyLanguage,
  PresenceKeys,
  Pseudonyms,
  ReleaseSigner,
  TargetInspector,
  Until,
  Vault,
} from '@/server/domain/ports';
import type { Pusher } from '@/server/domain/push';
import type { Status } from '@/server/domain/status';
import type { AgentHabits } from '@/server/store/agent-habits';
import type { Catalog } from '@/server/store/catalog-cache';
import type { Database } from '@/server/store/database';
import type { Directories } from '@/server/store/directory-cache';
import type { KnowledgeMemory } from '@/server/store/knowledge-memory';
import type { PoliciesInForce } from '@/server/store/policies-in-force';
import type { RunMemory } from '@/server/store/run-memory';
import type { SubmissionWriter } from '@/server/store/submissions';

/** Work that goes on after an answer: measuring what is slow to measure, executing what was released. Losing it loses nothing: workers find it again. */
export interface Backlog {
  /** `name` is in whose turn it is done: an agent's, mostly. */
  measure(actionId: string, name: string): void;
  /** Records what a measurement already under way will say; resolves to the status that is then written, null when none was. Never rejects. */
  conclude(actionId: string, measuring: Promise<Measured>): Promise<Status | null>;
  execute(actionId: string): void;
}

/** What operations get handed. Built once per process by `server/container.ts`; tests build their own with real parts. */
export type Deps = {
  db: Database;
  clock: Clock;
  until: Until;
  vault: Vault;
  policies: PoliciesInForce;
  policyLanguage: PolicyLanguage;
  /** When the company is at work; null where nobody said, and then policies about business hours do not apply. */
  calendar: BusinessCalendar | null;
  signer: ReleaseSigner;
  analyzers: Record<ToolKind, Analyzer>;
  /** For the kinds of tool that Holdpoint executes itself. */
  executors: Record<BrokerKind, Executor>;
  inspector: TargetInspector;
  catalog: Catalog;
  directories: Directories;
  runs: RunMemory;
  knowledge: KnowledgeMemory;
  habits: AgentHabits;
  presence: PresenceKeys;
  pusher: Pusher;
  pseudonyms: Pseudonyms;
  submissions: SubmissionWriter;
  changes: Changes;
  backlog: Backlog;
  /** Base of every link, without a trailing slash. */
  url: string;
  /** Names this process in leases. */
  processId: string;
};
