import type { HookMessage } from '@/server/domain/hook-message';

/** Runs of text, not text blocks: those read markdown, and names in a sentence may be anybody's words. */
const words = (text: string, look: object = {}) => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...look }],
});

/** A message as an adaptive card, as an incoming webhook of Teams Workflows takes it. */
export function teamsCard({ headline, sentence, link, action }: HookMessage) {
  const deadline = action?.deadline
    ? `Decide before ${action.deadline.slice(0, 16).replace('T', ' ')} UTC`
    : null;
  const facts = action === null ? [] : [`Level ${action.level}`, action.agent, action.tool];
  const line = [...facts, ...(deadline === null ? [] : [deadline])].join('  ·  ');
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            words(headline, { weight: 'Bolder', size: 'Medium' }),
            words(sentence),
            ...(line === '' ? [] : [words(line, { isSubtle: true })]),
          ],
          actions: [{ type: 'Action.OpenUrl', title: action === null ? 'Open' : 'Review', url: link }],
        },
      },
    ],
  };
}
