import { ArrowRight, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { OperationBadge } from '@/components/footprint/footprint-items';
import { byteWords } from '@/components/ui/byte-words';
import { ClassChip } from '@/components/ui/class-chip';
import { cn } from '@/components/ui/cn';
import { FileDiff } from './file-diff';
import type { FileRow, Shown } from './file-rows';

const WORDS: Record<FileRow['operation'], string> = {
  read: 'read',
  insert: 'created',
  update: 'changed',
  delete: 'deleted',
};

function sizes({ bytes }: FileRow): string {
  const { before, after } = bytes;
  if (before !== null && after !== null && before !== after)
    return `${byteWords(before)} → ${byteWords(after)}`;
  const one = after ?? before;
  return one === null ? '' : byteWords(one);
}

/** What of a file's text can be shown to this person, or why it is not. */
function Content({ file }: { file: FileRow }) {
  const { before, after } = file.text;
  const states = [before.state, after.state];
  if (states.includes('withheld'))
    return <p className="text-soft text-sm">You are not cleared for what it holds.</p>;
  if (states.includes('masked'))
    return <p className="text-soft text-sm">Hidden until you reveal it, with a reason.</p>;
  if (file.movesTo !== null) return <p className="text-soft text-sm">What it holds stays as it is.</p>;
  if (!states.includes('shown'))
    return <p className="text-soft text-sm">It is no text, or too large to compare.</p>;
  const text = (of: Shown) => (of.state === 'shown' ? of.value : '');
  const isRead = file.operation === 'read';
  return <FileDiff path={file.path} before={isRead ? text(after) : text(before)} after={text(after)} />;
}

/** One file: what happens to it, its size before and after, its class; its text opens below. */
export function FileLine({ file, isOpen }: { file: FileRow; isOpen: boolean }) {
  const [open, setOpen] = useState(isOpen);
  return (
    <li>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-11 w-full flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2 sm:px-5"
      >
        <ChevronRight
          aria-hidden
          className={cn('size-4 shrink-0 text-faint transition-transform', open && 'rotate-90')}
        />
        <span className="min-w-0 flex-1 basis-40 font-mono text-sm [overflow-wrap:anywhere]">
          <InertText text={file.path} />
          {file.movesTo === null ? null : (
            <span className="inline-flex items-center gap-1">
              <ArrowRight aria-label="becomes" className="mx-1 inline size-3.5 text-faint" />
              <InertText text={file.movesTo} />
            </span>
          )}
        </span>
        <span className="tabular text-faint text-sm">{sizes(file)}</span>
        <ClassChip name={file.classification} />
        <OperationBadge operation={file.operation} />
        <span className="sr-only">{file.movesTo === null ? WORDS[file.operation] : 'moved'}</span>
      </button>
      {open ? (
        <div className="px-4 pb-3 sm:px-5">
          <Content file={file} />
        </div>
      ) : null}
    </li>
  );
}
