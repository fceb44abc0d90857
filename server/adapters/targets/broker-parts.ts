import type { Clock } from '@/server/domain/ports';
import { EffectAnalyzer } from '../effects/effect-analyzer';
import { FilesAnalyzer } from '../files/files-analyzer';
import { FilesExecutor } from '../files/files-executor';
import { FilesInspector } from '../files/files-inspector';
import { HttpAnalyzer, type HttpWorld } from '../http/http-analyzer';
import { HttpExecutor } from '../http/http-executor';
import { HttpInspector } from '../http/http-inspector';
import { createPayloadScanner } from '../payload/payload-scanner';
import { PostgresInspector } from '../sql/postgres-inspector';
import type { SessionStock } from '../sql/session-stock';
import { SqlAnalyzer } from '../sql/sql-analyzer';
import { SqlExecutor } from '../sql/sql-executor';
import { TargetInspectors } from './target-inspectors';

/** What measures each kind of tool, and what runs and inspects each kind of target that Holdpoint acts on itself. */
export function brokerParts(clock: Clock, options: { stock?: SessionStock; http?: HttpWorld } = {}) {
  const { stock, http: world = {} } = options;
  const scanner = createPayloadScanner();
  const http = new HttpAnalyzer(clock, scanner, world);
  const files = new FilesAnalyzer(clock, scanner);
  return {
    analyzers: {
      sql: new SqlAnalyzer(stock ? { stock } : {}),
      http,
      files,
      custom: new EffectAnalyzer(clock, scanner),
    },
    executors: {
      sql: new SqlExecutor(),
      http: new HttpExecutor(http, world),
      files: new FilesExecutor(files),
    },
    inspector: new TargetInspectors({
      postgres: new PostgresInspector(),
      http: new HttpInspector(world),
      files: new FilesInspector(),
    }),
  };
}
