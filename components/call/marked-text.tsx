import type { CSSProperties } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { classLook } from '@/components/ui/class-look';
import type { PayloadFinding } from '@/server/domain/payload';
import { detectorWords } from './detector-words';

/** Somebody else's text with what scanning found in it marked where it stands. */
export function MarkedText({ text, findings }: { text: string; findings: readonly PayloadFinding[] }) {
  if (findings.length === 0) return <InertText text={text} />;
  const parts = [];
  let from = 0;
  for (const { start, end, class: name, detector } of [...findings].sort((a, b) => a.start - b.start)) {
    if (start < from || end > text.length) continue;
    const says = `${detectorWords(detector).one}, ${name} data`;
    parts.push(
      <InertText key={`before ${start}`} text={text.slice(from, start)} />,
      <mark
        key={start}
        title={says}
        style={{ '--hue': classLook(name).hue } as CSSProperties}
        className="class-hue rounded-sm border px-0.5"
      >
        <InertText text={text.slice(start, end)} />
        <span className="sr-only"> ({says})</span>
      </mark>,
    );
    from = end;
  }
  return (
    <>
      {parts}
      <InertText text={text.slice(from)} />
    </>
  );
}
