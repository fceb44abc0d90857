import type { PolicyView } from '@/server/domain/policy-views';
import { PolicyWords } from './policy-words';

/** Policies in the order they are written; the text of each is one press away. */
export function PolicyList({ policies }: { policies: readonly PolicyView[] }) {
  return (
    <ul className="divide-y divide-line">
      {policies.map((policy) => (
        <li key={policy.id} className="px-4 py-3 sm:px-5">
          <PolicyWords words={policy.words} disabled={policy.disabled} />
          <details className="mt-1">
            <summary className="inline-flex min-h-6 items-center text-faint text-sm hover:text-ink">
              Text of&nbsp;<code>{policy.id}</code>
            </summary>
            <section
              className="mt-2 overflow-x-auto rounded-md bg-sunken px-3 py-2"
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
              tabIndex={0}
              aria-label={`Text of ${policy.id}`}
            >
              <pre className="text-xs leading-5">{policy.text}</pre>
            </section>
          </details>
        </li>
      ))}
    </ul>
  );
}
