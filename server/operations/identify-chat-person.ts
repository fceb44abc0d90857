import { consumeChatRequest } from '@/server/store/chat-messages';
import { type ChatPerson, findChatPerson } from '@/server/store/chat-people';
import type { Deps } from './deps';

export type { ChatPerson };

/** Who somebody of a chat is here, by an address the chat has verified; null when nobody. */
export const identifyChatPerson = (
  deps: Pick<Deps, 'db'>,
  workspace: string,
  email: string,
): Promise<ChatPerson | null> => findChatPerson(deps.db, workspace, email);

/** True once for each signed request of a chat, whatever process it reaches. */
export const takeChatRequest = (deps: Pick<Deps, 'db'>, signatureHash: string): Promise<boolean> =>
  consumeChatRequest(deps.db, signatureHash);
