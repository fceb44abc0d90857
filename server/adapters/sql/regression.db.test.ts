import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UnknownFact } from '@/server/domain/footprint';
import { freshDatabase, type TestDatabase } from '../../testing/database';
import { outsideData } from '../../testing/outside-data';
import { pairsOf, replay } from '../../testing/regression-statements';
import { SessionStock } from './session-stock';
import { SqlAnalyzer } from './sql-analyzer';
import { testCall, testTarget } from './testing';

const setup = outsideData('sql/pg15_regress_setup.sql.gz');
const statements = outsideData('sql/pg15_regress_statements.jsonl.gz');
/** One of so many is looked at: all of them take minutes. */
const ONE_OF = 3;
/** Facts that leave no relation and no operation open. */
const COMPLETE: ReadonlySet<UnknownFact['code']> = new Set([
  'unclassified_columns',
  'subjects_unknown',
  'images_partial',
]);

describe.skipIf(setup === null || statements === null)(
  'statements of PostgreSQL’s own regression files',
  () => {
    let db: TestDatabase;
    const stock = new SessionStock();
    beforeAll(async () => {
      db = await freshDatabase({ template: 'empty' });
    });
    afterAll(async () => {
      stock.close();
      await db.drop();
    });

    it('touch nothing that a footprint which claims to be complete does not name', async () => {
      const analyzer = new SqlAnalyzer({ stock });
      const target = testTarget(db.url);
      const seen = { statements: 0, complete: 0, pairs: 0, named: 0 };
      const missed: string[] = [];
      let turn = 0;
      await replay(db, { setup: setup ?? '', statements: statements ?? '' }, async (statement) => {
        turn += 1;
        if (turn % ONE_OF !== 0) return () => undefined;
        const { footprint } = await analyzer.measure(testCall(target, statement.sql), { deadlineMs: 10_000 });
        return (done) => {
          const named = new Set(footprint.items.map((item) => `${item.resource} ${item.operation}`));
          const complete =
            footprint.forbidden === undefined && footprint.unknowns.every(({ code }) => COMPLETE.has(code));
          const pairs = pairsOf(statement).filter((pair) => done.has(pair));
          const missing = pairs.filter((pair) => !named.has(pair));
          seen.statements += 1;
          seen.pairs += pairs.length;
          seen.named += pairs.length - missing.length;
          if (!complete) return;
          seen.complete += 1;
          if (missing.length > 0) {
            missed.push(
              `${statement.file} ${statement.n} ${missing.join(', ')}: ${statement.sql.slice(0, 200)}`,
            );
          }
        };
      });
      process.stdout.write(`${JSON.stringify(seen)}\n`);
      expect(missed).toEqual([]);
      expect(seen.complete).toBeGreaterThan(100);
    }, 300_000);
  },
);
