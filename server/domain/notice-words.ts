import type { Message } from './ports';
import type { Level } from './vocabulary';

export type NoticeFacts = {
  topic: string;
  url: string;
  actionId: string | null;
  agent: string | null;
  level: Level | null;
  sentence: string | null;
  expiresAt: string | null;
  payload: Readonly<Record<string, unknown>>;
};

type Words = Pick<Message, 'subject' | 'lines' | 'link'>;

/**
 * What people are told outside the dashboard: the sentence, the level, the deadline and the agent, and a link to that action. No data. Null when
 * a notice concerns nobody by mail.
 */
export function noticeWords(facts: NoticeFacts): Words | null {
  const link = facts.actionId ? `${facts.url}/actions/${facts.actionId}` : facts.url;
  const deadline = facts.expiresAt
    ? [`Decide before ${facts.expiresAt.slice(0, 16).replace('T', ' ')} UTC.`]
    : [];
  const from = `Planned by ${facts.agent ?? 'an agent'}. Level: ${facts.level ?? 'unknown'}.`;
  switch (facts.topic) {
    case 'action.held':
      return {
        subject: `Held: ${facts.sentence ?? 'a planned action'}`,
        lines: [facts.sentence ?? '', from, ...deadline],
        link,
      };
    case 'action.drifted':
      return {
        subject: `Held again: ${facts.sentence ?? 'a planned action'}`,
        lines: [
          'It is no longer what was approved, so nothing was done.',
          facts.sentence ?? '',
          from,
          ...deadline,
        ],
        link,
      };
    case 'action.reminded':
      return {
        subject: `Still held: ${facts.sentence ?? 'a planned action'}`,
        lines: ['Half of its time is over, and it waits for you.', facts.sentence ?? '', from, ...deadline],
        link,
      };
    case 'action.widened':
      return {
        subject: `Running out of time: ${facts.sentence ?? 'a planned action'}`,
        lines: [
          'Three quarters of its time are over. Owners and security leads hear of it now as well: make sure that somebody looks.',
          facts.sentence ?? '',
          from,
          ...deadline,
        ],
        link,
      };
    case 'action.paged':
      return {
        subject: `About to expire: ${facts.sentence ?? 'a planned action'}`,
        lines: ['It is dropped unless it is decided now.', facts.sentence ?? '', from, ...deadline],
        link,
      };
    case 'action.stuck':
      return {
        subject: `Nobody can decide: ${facts.sentence ?? 'a planned action'}`,
        lines: [
          'Fewer people than it needs may decide it, so it would wait in vain. Add somebody to the group it names, give somebody the reviewer role, or reject it.',
          facts.sentence ?? '',
          from,
          ...deadline,
        ],
        link,
      };
    case 'halt.engaged':
      return {
        subject: `Halted: ${String(facts.payload.subject ?? 'the workspace')}`,
        lines: [
          `${String(facts.payload.by ?? 'Somebody')} engaged a halt. Nothing in its scope is released until it is lifted.`,
        ],
        link: `${facts.url}/halts`,
      };
    default:
      return null;
  }
}
