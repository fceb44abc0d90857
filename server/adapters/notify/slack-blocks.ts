import type { KnownBlock, ModalView } from '@slack/web-api';
import { type ChatCard, CHAT_REJECT as REJECT, CHAT_WHY as WHY } from '@/server/domain/chat-card';

const OPEN = 'holdpoint_open';

const MOST_CHARACTERS = 2_900;

/** The three characters Slack reads as markup or mentions. */
const plain = (text: string): string =>
  text.slice(0, MOST_CHARACTERS).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const until = (deadline: Date): string => {
  const seconds = Math.floor(deadline.getTime() / 1_000);
  const words = `${deadline.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `Decide before <!date^${seconds}^{date_short_pretty} {time}|${words}>`;
};

/** One message about one action. */
export function blocksOf(card: ChatCard): KnownBlock[] {
  const facts = [...card.facts.map(plain), ...(card.deadline === null ? [] : [until(card.deadline)])];
  return [
    { type: 'section', text: { type: 'mrkdwn', text: `*${plain(card.headline)}*\n${plain(card.sentence)}` } },
    { type: 'context', elements: [{ type: 'mrkdwn', text: facts.join('  ·  ') }] },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: OPEN,
          url: card.link,
          text: { type: 'plain_text', text: card.decides === null ? 'Open' : 'Review' },
          ...(card.decides === null ? {} : { style: 'primary' as const }),
        },
        ...(card.decides === null
          ? []
          : [
              {
                type: 'button' as const,
                action_id: REJECT,
                style: 'danger' as const,
                text: { type: 'plain_text' as const, text: 'Reject…' },
                value: JSON.stringify(card.decides),
              },
            ]),
      ],
    },
  ];
}

/** Asks for the reason, which the agent is told. What it is about travels along and is checked again when it comes back. */
export const whyModal = (decides: NonNullable<ChatCard['decides']>, sentence: string): ModalView => ({
  type: 'modal',
  callback_id: WHY,
  private_metadata: JSON.stringify(decides),
  title: { type: 'plain_text', text: 'Reject' },
  submit: { type: 'plain_text', text: 'Reject' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: plain(sentence) } },
    {
      type: 'input',
      block_id: WHY,
      optional: true,
      label: { type: 'plain_text', text: 'Why' },
      hint: { type: 'plain_text', text: 'The agent is told this, word for word.' },
      element: { type: 'plain_text_input', action_id: WHY, multiline: true, max_length: 3000 },
    },
  ],
});
