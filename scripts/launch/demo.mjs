import { existsSync, readFileSync } from 'node:fs';
import { step } from './narrate.mjs';
import { inData, inRoot } from './paths.mjs';
import { runProgram } from './run-program.mjs';
import { writePrivate } from './secrets.mjs';

export const DEMO_FILE = inData('demo.json');

/** Fills the company and the workspace on the first start; on a later one only tells the target where its database has moved. */
export async function ensureDemo(own, env) {
  if (!own.isFresh && !own.hasMoved) return;
  await step(own.isFresh ? 'Filling the demo company' : 'Telling the demo where its database is', () =>
    runProgram(process.execPath, ['--import', 'tsx', inRoot('prisma/seed/seed-demo.ts')], {
      env: {
        ...env,
        HOLDPOINT_COMPANY_ADMIN_URL: own.companyAdminUrl,
        HOLDPOINT_COMPANY_URL: own.companyUrl('holdpoint_agent'),
        HOLDPOINT_DEMO_FILE: DEMO_FILE,
        HOLDPOINT_DEMO_FRESH: own.isFresh ? '1' : '',
      },
      failed: 'The demo could not be prepared',
    }),
  );
  await own.markComplete();
}

/** What a newcomer signs in with, or null when somebody removed the file. Its address follows the port of this start. */
export function readDemo(url) {
  if (!existsSync(DEMO_FILE)) return null;
  const demo = JSON.parse(readFileSync(DEMO_FILE, 'utf8'));
  if (demo.url !== url) writePrivate(DEMO_FILE, `${JSON.stringify({ ...demo, url }, null, 2)}\n`);
  return demo;
}
