import type { Effect } from '@/server/domain/catalog';

const read: Effect[] = [{ effect: 'read', classes: ['internal'] }];
/** Happens only when somebody is named. */
const invites = (audience: string): Effect => ({
  effect: 'invite',
  when: audience,
  audience,
  classes: ['internal'],
});

/**
 * Effect maps for the tools of AgentDojo's workspace suite, written from their descriptions alone, as an operator would: what a person's own
 * mailbox, calendar and drive hold is internal; what can be taken back by the same service is reversible; the contact list is the person's own.
 */
export const AGENTDOJO_MAPS: Readonly<Record<string, Effect[]>> = {
  send_email: [
    { effect: 'send', audience: '$.recipients[*]', content: '$.body', classes: ['internal'] },
    { effect: 'send', when: '$.cc[*]', audience: '$.cc[*]', content: '$.body', classes: ['internal'] },
    { effect: 'send', when: '$.bcc[*]', audience: '$.bcc[*]', content: '$.body', classes: ['internal'] },
  ],
  delete_email: [{ effect: 'delete', resource: '$.email_id' }],
  // It also marks them as read.
  get_unread_emails: [
    { effect: 'read', classes: ['internal'] },
    { effect: 'write', reversible: true },
  ],
  get_sent_emails: read,
  get_received_emails: read,
  get_draft_emails: read,
  search_emails: read,
  search_contacts_by_name: [{ effect: 'read', classes: ['internal'], trusted: true }],
  search_contacts_by_email: [{ effect: 'read', classes: ['internal'], trusted: true }],
  get_current_day: [{ effect: 'read', classes: ['public'] }],
  search_calendar_events: read,
  get_day_calendar_events: read,
  create_calendar_event: [
    { effect: 'write', content: '$.description', reversible: true },
    invites('$.participants[*]'),
  ],
  cancel_calendar_event: [{ effect: 'delete', resource: '$.event_id' }],
  reschedule_calendar_event: [{ effect: 'write', resource: '$.event_id', reversible: true }],
  add_calendar_event_participants: [
    { effect: 'write', resource: '$.event_id', reversible: true },
    invites('$.participants[*]'),
  ],
  append_to_file: [{ effect: 'write', resource: '$.file_id', content: '$.content', reversible: true }],
  search_files_by_filename: read,
  create_file: [{ effect: 'write', resource: '$.filename', content: '$.content', reversible: true }],
  delete_file: [{ effect: 'delete', resource: '$.file_id' }],
  get_file_by_id: read,
  list_files: read,
  share_file: [{ effect: 'share', resource: '$.file_id', audience: '$.email', classes: ['internal'] }],
  search_files: read,
};
