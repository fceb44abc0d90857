import { ArrowRight, CircleHelp } from 'lucide-react';
import { InertText } from '@/components/agent-words/inert-text';
import { counted } from '@/components/ui/number-words';
import type { Audience } from '@/server/domain/audience';

const SHOWN = 12;
type Recipient = Audience['recipients'][number];

const KINDS: Record<Recipient['resolved'], string> = {
  person: 'person',
  guest: 'guest of another organisation',
  agent: 'agent',
  group: 'group',
  channel: 'channel',
  external: 'outside address',
  anyone: 'open link',
  unresolved: 'not known',
};

function Meaning({ recipient }: { recipient: Recipient }) {
  const { resolved, name, count, note } = recipient;
  const unknown = resolved === 'unresolved' || (count === null && resolved !== 'anyone');
  const people = count === null || count === 1 ? '' : `, ${counted(count, 'person', 'people')}`;
  return (
    <span className="min-w-0">
      <span className={unknown ? 'font-medium text-hold-text' : ''}>
        {unknown ? <CircleHelp aria-hidden className="mr-1 inline size-4 align-[-3px]" /> : null}
        {name === undefined ? KINDS[resolved] : `${name} (${KINDS[resolved]}${people})`}
      </span>
      {note ? <span className="block text-soft text-sm">{note}</span> : null}
    </span>
  );
}

/** What the call names, beside what that stands for. The left side is the agent's text: inert. */
export function AudienceRecipients({ recipients }: { recipients: Audience['recipients'] }) {
  const shown = recipients.slice(0, SHOWN);
  return (
    <div>
      <h3 className="font-medium text-base text-soft">As the call names them</h3>
      {recipients.length === 0 ? (
        <p className="mt-1 text-base">Nobody: the arguments name no recipient.</p>
      ) : (
        <ul className="mt-1.5 space-y-1.5">
          {shown.map((recipient) => (
            <li
              key={`${recipient.pointer} ${recipient.value}`}
              className="grid grid-cols-[minmax(0,1fr)] gap-x-3 text-base [overflow-wrap:anywhere] sm:grid-cols-[minmax(0,2fr)_1rem_minmax(0,3fr)]"
            >
              <code className="text-sm sm:pt-0.5">
                <InertText text={recipient.value} />
              </code>
              <ArrowRight aria-label="stands for" className="mt-1 hidden size-4 text-faint sm:block" />
              <Meaning recipient={recipient} />
            </li>
          ))}
        </ul>
      )}
      {recipients.length > SHOWN ? (
        <p className="mt-1.5 text-soft text-sm">and {counted(recipients.length - SHOWN, 'more recipient')}</p>
      ) : null}
    </div>
  );
}
