import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { mintChatScope } from '@/server/api/auth/mint-scopes';
import { isSignedBySlack } from '@/server/api/auth/slack-signature';
import { CHAT_REJECT as REJECT, CHAT_WHY as WHY } from '@/server/domain/chat-card';
import type { Chat } from '@/server/domain/ports';
import type { ReviewerScope } from '@/server/domain/scopes';
import type { Deps } from '@/server/operations/deps';
import { identifyChatPerson, takeChatRequest } from '@/server/operations/identify-chat-person';
import { chatDecision, rejectFromChat } from '@/server/operations/reject-from-chat';
import { sendJson } from './answer';
import { readTextBody } from './read-body';

/** One workspace’s chat, and the secret its requests are signed with. */
export type SlackConnection = { chat: Chat; signingSecret: string };

export const SLACK_PATH = '/api/slack/interactions';
const LARGEST_BYTES = 256 * 1024;

const click = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string() }),
  trigger_id: z.string(),
  channel: z.object({ id: z.string() }).optional(),
  message: z.object({ text: z.string().optional() }).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});
const reason = z.object({
  type: z.literal('view_submission'),
  user: z.object({ id: z.string() }),
  view: z.object({
    callback_id: z.literal(WHY),
    private_metadata: z.string(),
    state: z.object({
      values: z.object({ [WHY]: z.object({ [WHY]: z.object({ value: z.string().nullish() }) }) }),
    }),
  }),
});

const NOBODY =
  'Holdpoint does not know you: it looks for a person with the e-mail address that Slack has confirmed for you, and there is none who may decide. Ask an owner of the workspace.';

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

async function personOf(
  world: Deps,
  { chat }: SlackConnection,
  userId: string,
): Promise<ReviewerScope | null> {
  const email = await chat.verifiedEmail(userId);
  const person = email === null ? null : await identifyChatPerson(world, chat.workspace, email);
  return person === null ? null : mintChatScope(person);
}

/** A click on a button. Links open by themselves; a rejection is asked for its reason first. */
async function onClick(
  world: Deps,
  connection: SlackConnection,
  clicked: z.infer<typeof click>,
): Promise<void> {
  const { chat } = connection;
  const button = clicked.actions.find((action) => action.action_id === REJECT);
  if (button === undefined) return;
  const decision = chatDecision.safeParse(parsed(button.value ?? ''));
  if (!decision.success) return;
  if ((await personOf(world, connection, clicked.user.id)) === null) {
    if (clicked.channel !== undefined) await chat.whisper(clicked.channel.id, clicked.user.id, NOBODY);
    return;
  }
  await chat.askWhy(clicked.trigger_id, decision.data, clicked.message?.text ?? 'Reject this action.');
}

/** The reason came back. What is wrong is shown in the same window. */
async function onReason(
  world: Deps,
  connection: SlackConnection,
  submitted: z.infer<typeof reason>,
): Promise<Record<string, unknown>> {
  const wrong = (words: string) => ({ response_action: 'errors', errors: { [WHY]: words } });
  const decision = chatDecision.safeParse(parsed(submitted.view.private_metadata));
  if (!decision.success) return wrong('This window is not complete. Close it and click again.');
  const person = await personOf(world, connection, submitted.user.id);
  if (person === null) return wrong(NOBODY);
  const note = submitted.view.state.values[WHY][WHY].value ?? '';
  const decided = await rejectFromChat(world, person, decision.data, note.trim());
  return decided.ok ? { response_action: 'clear' } : wrong(decided.message);
}

/**
 * What people click in Slack. Only what Slack signed within the last minutes is read, and each signature once; who clicked is whoever has the
 * address that Slack has confirmed, with the rights they have here.
 */
export function createSlackFront(parts: { world: Deps; connections: readonly SlackConnection[] }) {
  const { world, connections } = parts;
  const header = (request: IncomingMessage, name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const refused = (response: ServerResponse, status: number, message: string) =>
    sendJson(response, status, JSON.stringify({ error: { message } }));
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST') return refused(response, 405, 'Slack sends a POST here.');
    const read = await readTextBody(request, LARGEST_BYTES);
    if (!read.ok) return refused(response, 413, read.message);
    const signature = header(request, 'x-slack-signature');
    const signed = { timestamp: header(request, 'x-slack-request-timestamp'), signature, body: read.value };
    const connection = connections.find((each) =>
      isSignedBySlack(each.signingSecret, signed, world.clock.now()),
    );
    if (connection === undefined || signature === undefined) {
      return refused(response, 401, 'The signature does not fit, or the request is too old.');
    }
    const once = createHash('sha256').update(signature).digest('hex');
    if (!(await takeChatRequest(world, once)))
      return refused(response, 409, 'This request was handled before.');
    const payload = parsed(new URLSearchParams(read.value).get('payload') ?? '');
    const clicked = click.safeParse(payload);
    if (clicked.success) {
      await onClick(world, connection, clicked.data);
      return sendJson(response, 200, '{}');
    }
    const submitted = reason.safeParse(payload);
    if (submitted.success) {
      return sendJson(response, 200, JSON.stringify(await onReason(world, connection, submitted.data)));
    }
    sendJson(response, 200, '{}');
  };
}
