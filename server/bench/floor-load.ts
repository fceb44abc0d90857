// The floor: the rows of one submission written by one function call per submission, by bare pg, and nothing else. No HTTP, no key to
// check, no arguments to validate, nothing to judge: everything that does not change from row to row is computed beforehand.
import pg from 'pg';
import { newId } from '../store/new-id';
import { childArgs } from './child-process';
import { serveRounds } from './closed-loop';
import { sampleArgs } from './sample-call';

const { url, sample, lanes } = childArgs<{ url: string; sample: string; lanes: number }>();
const clients = await Promise.all(
  Array.from({ length: lanes }, async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  }),
);
const known = await clients[0]?.query<{ values: string[] }>('SELECT bench_floor_values($1) AS values', [
  sample,
]);
const values = known?.rows[0]?.values ?? [];
const text = `SELECT bench_floor(${Array.from({ length: 3 + values.length }, (_, i) => `$${i + 1}`).join(', ')})`;
let n = 0;

serveRounds(async (lane) => {
  n++;
  await clients[lane]?.query({
    name: 'floor',
    text,
    values: [newId('action'), newId('release'), JSON.stringify(sampleArgs(n)), ...values],
  });
}, lanes);
