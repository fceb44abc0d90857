import { InertText } from '@/components/agent-words/inert-text';
import { Badge } from '@/components/ui/badge';
import type { Footprint } from '@/server/domain/footprint';

type Request = NonNullable<Footprint['request']>;

/** A body as people read it: JSON with its lines, everything else as it is. */
const bodyText = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body, null, 2));

/** A request exactly as it would go out, but for what proves who sends it. */
export function RequestView({ request, body }: { request: Request; body: unknown }) {
  return (
    <div className="space-y-3">
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="HTTP request"
        className="max-h-96 overflow-auto rounded-md border border-line bg-sunken px-4 py-3 font-mono text-sm leading-6 [contain:content]"
      >
        <p className="[overflow-wrap:anywhere]">
          <span className="font-medium">{request.method}</span> <InertText text={request.url} />
        </p>
        {request.headers.map(({ name, value }) => (
          <p key={name} className="[overflow-wrap:anywhere]">
            <span className="text-soft">{name}:</span>{' '}
            {value === null ? (
              <span className="text-faint italic">sealed, added by Holdpoint</span>
            ) : (
              <InertText text={value} />
            )}
          </p>
        ))}
        {body === undefined ? null : (
          <pre className="mt-3 whitespace-pre-wrap border-line border-t pt-3 [overflow-wrap:anywhere]">
            <InertText text={bodyText(body)} />
          </pre>
        )}
      </section>
      <p className="flex flex-wrap items-center gap-2 text-sm text-soft">
        <Badge>operation</Badge>
        <code>{request.operation}</code>
        {request.summary ? <span>The service’s document says: {request.summary}</span> : null}
      </p>
      {request.etag === null ? null : (
        <p className="text-sm text-soft">
          Only if the service still has the version <code>{request.etag}</code> that was there when this was
          measured.
        </p>
      )}
    </div>
  );
}
