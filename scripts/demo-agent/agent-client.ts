import type { AgentActionView } from '@/server/domain/views';

/** What the server refused, with its stable word and its advice. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
/** The server cannot be reached at all. */
export class Unreachable extends Error {}

type Answer = { result?: { data: unknown }; error?: { message: string; data?: { holdpointCode?: string } } };

export type AgentClient = {
  whoami(): Promise<{ name: string; workspace: string }>;
  startRun(input: { goal: string }): Promise<{ runId: string }>;
  finishRun(input: { runId: string; outcome: string }): Promise<unknown>;
  submit(input: {
    runId: string;
    tool: string;
    args: Record<string, unknown>;
    reason: string;
    idempotencyKey: string;
  }): Promise<AgentActionView>;
  wait(input: { actionId: string; waitSeconds: number }): Promise<AgentActionView>;
};

/** The agent's side of the contract in plain HTTP: what any language would do, no library of ours. */
export function createAgentClient(url: string, key: string): AgentClient {
  const call = async <T>(path: string, init: RequestInit): Promise<T> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/trpc/${path}`, { ...init, headers }).catch((error: unknown) => {
      throw new Unreachable(`Holdpoint does not answer at ${url}`, { cause: error });
    });
    const answer = (await response.json().catch(() => ({}))) as Answer;
    if (answer.result) return answer.result.data as T;
    throw new Refused(
      answer.error?.data?.holdpointCode ?? String(response.status),
      answer.error?.message ?? response.statusText,
    );
  };
  const mutation = <T>(name: string, input: unknown) =>
    call<T>(name, { method: 'POST', body: JSON.stringify(input) });
  const query = <T>(name: string, input?: unknown) =>
    call<T>(input === undefined ? name : `${name}?input=${encodeURIComponent(JSON.stringify(input))}`, {
      method: 'GET',
    });
  return {
    whoami: () => query('agent.whoami'),
    startRun: (input) => mutation('agent.startRun', input),
    finishRun: (input) => mutation('agent.finishRun', input),
    submit: (input) => mutation('agent.submit', input),
    wait: (input) => query('agent.wait', input),
  };
}
