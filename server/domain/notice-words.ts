import type { Message } from './ports';
import type { ActionListItem } from './views';
import { LEVELS, type Level } from './vocabulary';

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

/** About one action: what its subject begins with, and what is said before the sentence. */
const ABOUT_ACTIONS: Readonly<
  Record<string, { subject: string; says?: (payload: NoticeFacts['payload']) => string }>
> = {
  'action.held': { subject: 'Held' },
  'action.drifted': {
    subject: 'Held again',
    says: () => 'It is no longer what was approved, so nothing was done.',
  },
  'action.reminded': { subject: 'Still held', says: () => 'Half of its time is over, and it waits for you.' },
  'action.widened': {
    subject: 'Running out of time',
    says: () =>
      'Three quarters of its time are over. Owners and security leads hear of it now as well: make sure that somebody looks.',
  },
  'action.paged': { subject: 'About to expire', says: () => 'It is dropped unless it is decided now.' },
  'action.stuck': {
    subject: 'Nobody can decide',
    says: () =>
      'Fewer people than it needs may decide it, so it would wait in vain. Add somebody to the group it names, give somebody the reviewer role, or reject it.',
  },
  'glass.broken': {
    subject: 'Released by one person alone',
    says: (payload) =>
      `${String(payload.by ?? 'An owner')} broke the glass: it runs without the approvals it needed. Somebody else has to review that and close it.`,
  },
};

/**
 * What people are told outside the dashboard: the sentence, the level, the deadline and the agent, and a link to that action. No data. Null when
 * a notice concerns nobody by mail.
 */
export function noticeWords(facts: NoticeFacts): Words | null {
  const { topic, payload, sentence, expiresAt } = facts;
  if (topic === 'halt.engaged') {
    const by = String(payload.by ?? 'Somebody');
    return {
      subject: `Halted: ${String(payload.subject ?? 'the workspace')}`,
      lines: [`${by} engaged a halt. Nothing in its scope is released until it is lifted.`],
      link: `${facts.url}/halts`,
    };
  }
  if (topic === 'anomaly.found') {
    const halted =
      payload.halted === true
        ? 'It is halted until a person lifts that.'
        : 'Nobody has halted it: look, and halt it if you cannot tell why.';
    return {
      subject: `Unusual: ${String(payload.agent ?? 'an agent')}`,
      lines: [`${String(payload.what ?? '')}. ${halted}`],
      link: `${facts.url}/halts`,
    };
  }
  const about = ABOUT_ACTIONS[topic];
  if (about === undefined) return null;
  const isOpen = expiresAt !== null && topic !== 'glass.broken';
  return {
    subject: `${about.subject}: ${sentence ?? 'a planned action'}`,
    lines: [
      ...(about.says ? [about.says(payload)] : []),
      sentence ?? '',
      `Planned by ${facts.agent ?? 'an agent'}. Level: ${facts.level ?? 'unknown'}.`,
      ...(isOpen ? [`Decide before ${expiresAt.slice(0, 16).replace('T', ' ')} UTC.`] : []),
    ],
    link: facts.actionId ? `${facts.url}/actions/${facts.actionId}` : facts.url,
  };
}

/** What waits for one person, in one message: a line for each, most serious first, and where to go. No data. */
export function digestWords(items: readonly ActionListItem[], more: boolean, url: string): Words {
  const bySeriousness = [...items].sort((a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level));
  const count = more ? `More than ${items.length}` : String(items.length);
  return {
    subject:
      items.length === 1 && !more
        ? `Waits for you: ${items[0]?.sentence}`
        : `${count} held actions wait for you`,
    lines: bySeriousness.flatMap(({ sentence, level, agent, expiresAt, actionId }) => [
      `${sentence}`,
      `  ${level}, planned by ${agent.name}${expiresAt === null ? '' : `, decide before ${expiresAt.slice(0, 16).replace('T', ' ')} UTC`}`,
      `  ${url}/actions/${actionId}`,
      '',
    ]),
    link: `${url}/inbox`,
  };
}
