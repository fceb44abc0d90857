// Prints the one-time link that makes the first owner, or nothing when somebody owns this installation already.
import { readEnv } from '@/server/env';
import { createOwnerLink } from '@/server/operations/create-owner-link';
import { openDatabase } from '@/server/store/database';

const env = readEnv();
const db = openDatabase(env.DATABASE_URL);
try {
  const link = await createOwnerLink({ db, url: env.HOLDPOINT_URL ?? `http://localhost:${env.PORT}` });
  if (link.ok) console.log(link.value.url);
} finally {
  await db.close();
}
