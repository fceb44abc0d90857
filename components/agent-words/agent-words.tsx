'use client';
import { EyeOff, Quote } from 'lucide-react';
import { useMemo, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { counted } from '@/components/ui/number-words';
import { piecesOf } from './hidden-characters';
import { InertText } from './inert-text';

/** Enough to read a reason in full; a novel must be asked for. */
const SHOWN_CHARACTERS = 6000;

function warning(text: string): string | null {
  const pieces = piecesOf(text);
  const hidden = pieces.reduce((sum, p) => sum + ('count' in p ? p.count : 0), 0);
  const alike = pieces.filter((p) => p.kind === 'lookalike').length;
  const found = [
    hidden ? counted(hidden, 'hidden character') : null,
    alike ? counted(alike, 'look-alike letter') : null,
  ].filter(Boolean);
  return found.length > 0 ? `${found.join(' and ')} made visible` : null;
}

/**
 * The agent's own words in a box they cannot leave: a fixed height, its own scrolling, its own painting, a label outside of it. Nothing written
 * here can pass for something Holdpoint says.
 */
export function AgentWords({ label, text, className }: { label: string; text: string; className?: string }) {
  const [all, setAll] = useState(false);
  const warns = useMemo(() => warning(text), [text]);
  const shown = all ? text : text.slice(0, SHOWN_CHARACTERS);
  return (
    <figure className={cn('min-w-0', className)}>
      <figcaption className="mb-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <span className="font-medium text-soft">{label}</span>
        {warns ? (
          <span className="inline-flex items-center gap-1 font-medium text-caution-text">
            <EyeOff aria-hidden className="size-3.5" />
            {warns}
          </span>
        ) : null}
      </figcaption>
      <div className="flex rounded-md border border-line-strong border-dashed bg-sunken">
        <Quote aria-hidden className="mt-3 ml-3 size-3.5 shrink-0 text-faint" />
        <blockquote
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={`${label}, written by the agent`}
          className="max-h-64 min-w-0 flex-1 overflow-auto whitespace-pre-wrap break-words px-3 py-2.5 text-base text-soft [contain:content] [overflow-wrap:anywhere]"
        >
          <InertText text={shown} />
        </blockquote>
      </div>
      {shown.length < text.length ? (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="mt-2 min-h-6 font-medium text-ink text-sm underline"
        >
          Show all {counted(text.length, 'character')}
        </button>
      ) : null}
    </figure>
  );
}
