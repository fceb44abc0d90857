import { type ChatFacts, chatCard } from './chat-card';
import type { Status } from './status';
import type { Level } from './vocabulary';

/** What a service outside is told: never any of an action's data. Sent twice, it has the same id. */
export type HookMessage = {
  id: string;
  type: string;
  at: Date;
  headline: string;
  sentence: string;
  link: string;
  action: {
    actionId: string;
    status: Status;
    level: Level;
    agent: string;
    tool: string;
    deadline: string | null;
  } | null;
};

/** A notice about an action, which is told as it is now: late or twice, that is never wrong. */
export function actionMessage(
  of: { id: string; topic: string; createdAt: Date },
  facts: ChatFacts,
  link: string,
): HookMessage {
  const { headline, sentence, deadline } = chatCard(facts, link);
  const { actionId, status, level, agent, tool } = facts;
  return {
    id: `msg_${of.id}`,
    type: of.topic,
    at: of.createdAt,
    headline,
    sentence,
    link,
    action: { actionId, status, level, agent, tool, deadline: deadline?.toISOString() ?? null },
  };
}
