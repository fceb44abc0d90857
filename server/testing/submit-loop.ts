/** A process that submits for ever and prints each id it was acknowledged, for tests that kill it. */
import { createInterface } from 'node:readline';
import { mintAgentScope } from '@/server/api/auth/mint-scopes';
import { identifyAgent } from '@/server/operations/identify-agent';
import { submitAction } from '@/server/operations/submit-action';
import { openProcess } from './world';

type Order = { url: string; secret: string; keyId: string; tools: string[] };

async function submitForEver(order: Order): Promise<never> {
  const { deps } = await openProcess(order.url, Buffer.from(order.secret, 'base64'));
  const holder = await identifyAgent(deps, order.keyId);
  if (!holder) throw new Error('no such key');
  const agent = mintAgentScope(holder);
  for (let round = 0; ; round++) {
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const tool = order.tools[i % order.tools.length] ?? '';
        const outcome = await submitAction(deps, agent, { tool, args: { round, i } });
        if (outcome.ok) process.stdout.write(`${outcome.value.actionId} ${outcome.value.status}\n`);
      }),
    );
  }
}

createInterface({ input: process.stdin }).once('line', (line) => {
  submitForEver(JSON.parse(line) as Order).catch((error) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  });
});
