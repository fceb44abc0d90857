import { InertText } from '@/components/agent-words/inert-text';
import { FootprintItems } from '@/components/footprint/footprint-items';
import { UnknownFacts } from '@/components/footprint/unknown-facts';
import { Badge } from '@/components/ui/badge';
import { LevelBadge } from '@/components/ui/level-badge';
import { counted } from '@/components/ui/number-words';
import type { EffectFinding, ToolPreview } from '@/server/domain/tool-views';

const VERDICTS = { allow: 'Allowed at once', hold: 'Held', deny: 'Denied' } as const;
const TONES = { allow: 'good', hold: 'hold', deny: 'danger' } as const;

function Finding({ finding, index }: { finding: EffectFinding; index: number }) {
  return (
    <li className="text-sm">
      <span className="font-medium">
        Effect {index + 1}, {finding.effect}:
      </span>{' '}
      {finding.applies ? null : <span className="text-faint">does not apply, {finding.why}</span>}
      {finding.applies && finding.finds.length === 0 ? (
        <span className="text-faint">names nothing in the arguments</span>
      ) : null}
      {finding.applies ? (
        <ul className="mt-1 space-y-1 pl-4">
          {finding.finds.map((find) => (
            <li key={find.field}>
              <span className="text-soft">{find.field}</span>{' '}
              {find.values.length === 0 ? <span className="text-hold-text">nothing found</span> : null}
              {find.values.map((value, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the same value may stand there twice
                <code key={at} className="mr-2 break-words text-ink">
                  <InertText text={value} />
                </code>
              ))}
              {find.total > find.values.length ? (
                <span className="text-faint">and {find.total - find.values.length} more </span>
              ) : null}
              {find.missing > 0 ? (
                <span className="text-hold-text">{counted(find.missing, 'place')} without a value</span>
              ) : null}
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

/** What the map makes of the sample: what each effect finds, what it would touch, how serious that is, and what policy says of it now. */
export function SampleResult({ result }: { result: NonNullable<ToolPreview['result']> }) {
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center gap-2.5" role="status" aria-label="Outcome for the sample">
        <Badge tone={TONES[result.verdict]}>
          {VERDICTS[result.verdict]}
          {result.verdict === 'hold' ? ` for ${counted(result.needed, 'person', 'people')}` : ''}
        </Badge>
        <LevelBadge level={result.blastRadius.level} />
      </div>
      <p className="text-lg">
        <InertText text={result.sentence} />
      </p>
      {result.rules[0] ? <p className="text-base text-soft">{result.rules[0].because}</p> : null}
      <ul className="space-y-2">
        {result.effects.map((finding, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: effects have no other name than their place
          <Finding key={index} finding={finding} index={index} />
        ))}
      </ul>
      <UnknownFacts unknowns={result.footprint.unknowns} />
      <FootprintItems items={result.footprint.items} />
    </div>
  );
}
