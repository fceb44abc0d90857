/** A process that executes one released action and says so, for tests that kill it half-way. */
import { createInterface } from 'node:readline';
import { executeAction } from '@/server/operations/execute-action';
import { openProcess } from './world';

type Order = { url: string; secret: string; actionId: string };

async function executeOnce(order: Order): Promise<void> {
  const { deps, close } = await openProcess(order.url, Buffer.from(order.secret, 'base64'));
  await executeAction(deps, order.actionId);
  await close();
}

createInterface({ input: process.stdin }).once('line', (line) => {
  executeOnce(JSON.parse(line) as Order).then(
    () => process.exit(0),
    (error) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
