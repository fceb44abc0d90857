import { cn } from '@/components/ui/cn';
import { type Piece, piecesOf } from './hidden-characters';

const MARK = 'mx-px rounded-[3px] border px-1 font-mono text-[0.78em] leading-none';

function Mark({ piece }: { piece: Exclude<Piece, { kind: 'text' }> }) {
  if (piece.kind === 'lookalike') {
    const says = `Looks like “${piece.like}” but is another character (U+${piece.code})`;
    return (
      <mark
        title={says}
        className="border-caution border-b-2 bg-caution-tint text-caution-text decoration-dotted"
      >
        {piece.text}
        <span className="sr-only"> ({says})</span>
      </mark>
    );
  }
  const times = piece.count > 1 ? ` ×${piece.count}` : '';
  const says = piece.kind === 'invisible' && piece.says ? `, hidden text “${piece.says}”` : '';
  const danger = piece.kind === 'reorders' || says;
  return (
    <mark
      title={`U+${piece.code} ${piece.name}${times}${says}`}
      className={cn(
        MARK,
        danger
          ? 'border-danger-line bg-danger-tint text-danger-text'
          : 'border-caution-line bg-caution-tint text-caution-text',
      )}
    >
      <span className="sr-only">hidden character: </span>
      {piece.name}
      {times}
      {says}
    </mark>
  );
}

/**
 * Text somebody else chose, drawn so that it can only be read: no markup, no links, nothing hidden, nothing reordered. React escapes it;
 * this makes visible what escaping leaves invisible.
 */
export function InertText({ text }: { text: string }) {
  return (
    <bdi>
      {piecesOf(text).map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one immutable text have no other identity
        piece.kind === 'text' ? piece.text : <Mark key={index} piece={piece} />,
      )}
    </bdi>
  );
}
