// Load through HTTP, in a process of its own: one agent that submits a call policy allows, on keep-alive connections.
import { childArgs } from './child-process';
import { serveRounds } from './closed-loop';
import { HttpLine, requestText } from './http-line';
import { type SampleCall, sampleArgs } from './sample-call';

const { port, key, call, lanes } = childArgs<{
  port: number;
  key: string;
  call: SampleCall;
  lanes: number;
}>();
const lines = await Promise.all(Array.from({ length: lanes }, () => HttpLine.open(port)));
let n = 0;

serveRounds(async (lane) => {
  n++;
  const body = JSON.stringify({ ...call, args: sampleArgs(n) });
  const headers = { authorization: `Bearer ${key}` };
  const answer = await lines[lane]?.ask(requestText({ path: '/api/trpc/agent.submit', headers, body }));
  // Looked at without parsing: the load must cost little. A refusal or a hold would not be the path measured.
  if (answer?.status !== 200 || !answer.body.includes('"status":"released"')) {
    throw new Error(`not allowed: ${answer?.body}`);
  }
}, lanes);
