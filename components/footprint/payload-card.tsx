import { detectorWords } from '@/components/call/detector-words';
import { Card } from '@/components/ui/card';
import { ClassChips } from '@/components/ui/class-chip';
import { counted } from '@/components/ui/number-words';
import type { Payload, PayloadClass } from '@/server/domain/payload';

const names = (classes: readonly PayloadClass[]): string[] =>
  [...new Set(classes.map((c) => c.class))].sort();

/** `2 payment cards and 1 IBAN`, the most frequent first. */
function foundWords({ findings }: Payload): string {
  const counts = new Map<string, { one: string; many: string; count: number }>();
  for (const { detector } of findings) {
    const words = detectorWords(detector);
    counts.set(words.one, { ...words, count: (counts.get(words.one)?.count ?? 0) + 1 });
  }
  return new Intl.ListFormat('en').format(
    [...counts.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ one, many, count }) => counted(count, one, many)),
  );
}

function Source({ title, says, classes }: { title: string; says: string; classes: readonly PayloadClass[] }) {
  if (classes.length === 0) return null;
  return (
    <div className="grid gap-x-6 gap-y-1 py-2.5 sm:grid-cols-[11rem_1fr]">
      <dt className="font-medium">{title}</dt>
      <dd className="flex flex-wrap items-center gap-x-2.5 gap-y-1.5">
        <ClassChips names={names(classes)} />
        <span className="text-soft">{says}</span>
      </dd>
    </div>
  );
}

const toolsOf = (classes: readonly PayloadClass[]): string =>
  new Intl.ListFormat('en').format([...new Set(classes.flatMap((c) => (c.tool ? [c.tool] : [])))]);

/** What data leaves with the call, and how that is known. */
export function PayloadCard({ payload }: { payload: Payload }) {
  const of = (from: PayloadClass['from'], possible = false) =>
    payload.classes.filter((c) => c.from === from && (c.possible === true) === possible);
  const read = of('run');
  const could = of('run', true);
  const nothing = payload.classes.length === 0;
  return (
    <Card
      id="payload"
      title="What it carries"
      aside={
        <span className="text-faint text-sm">
          {payload.scanned === 'content' ? 'its content was scanned' : 'every argument was scanned'}
        </span>
      }
    >
      {nothing ? (
        <p>No guarded data was declared for it, found in it, or read by its run before.</p>
      ) : (
        <dl className="-my-2.5 divide-y divide-line">
          <Source title="Found in the text" says={foundWords(payload)} classes={of('scan')} />
          <Source title="Read before" says={`stands in it, from ${toolsOf(read)}`} classes={read} />
          <Source
            title="Possibly read before"
            says={`the run has read it through ${toolsOf(could)}; it could be said in other words`}
            classes={could}
          />
          <Source title="Declared" says="by the operator, for every such call" classes={of('declared')} />
        </dl>
      )}
      {payload.truncated ? (
        <p className="mt-3 font-medium text-hold-text">It carries more than could be looked at.</p>
      ) : null}
    </Card>
  );
}
