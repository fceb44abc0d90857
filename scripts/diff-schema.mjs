// What the models say that the migrations do not, as SQL: the next migration's first draft. Exits 2 when they differ.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitWith } from './plain-problem.mjs';
import { startPostgres } from './postgres.mjs';
import { runPrisma } from './prisma.mjs';

const folder = mkdtempSync(join(tmpdir(), 'holdpoint-diff-'));
try {
  const server = await startPostgres({
    dataDir: join(folder, 'postgres'),
    databases: ['diff'],
    durable: false,
  });
  const env = { DATABASE_URL: server.url };
  const migrated = runPrisma(['migrate', 'deploy'], { env });
  if (migrated.code === 0) {
    const diff = [
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      'prisma/models',
      '--script',
      '--exit-code',
    ];
    process.exitCode = runPrisma(diff, { env, inherit: true }).code;
  } else {
    process.stderr.write(migrated.output);
    process.exitCode = 1;
  }
  await server.stop();
} catch (error) {
  exitWith(error);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
