'use client';
import { autocompletion, type CompletionSource, closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import {
  bracketMatching,
  HighlightStyle,
  type LanguageSupport,
  syntaxHighlighting,
} from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useRef } from 'react';

/** The product's own colours; both themes follow from its variables. */
const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--faint)', fontStyle: 'italic' },
  { tag: tags.keyword, color: 'var(--notice-text)', fontWeight: '500' },
  { tag: tags.string, color: 'var(--good-text)' },
  { tag: tags.meta, color: 'var(--hold-text)', fontWeight: '500' },
  { tag: [tags.number, tags.bool], color: 'var(--caution-text)' },
  { tag: tags.typeName, color: 'var(--danger-text)' },
]);
const LOOK = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--ink)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.5' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--faint)', border: 'none' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line-strong)',
    color: 'var(--ink)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--ink)',
    color: 'var(--page)',
  },
  '.cm-completionDetail': { color: 'inherit', opacity: '0.75' },
});

/**
 * A text with colours, completion and problems marked where they are. Tab leaves it, as everywhere else; Escape closes what is open. `text` is
 * taken once for each `id`: what is typed belongs to the editor, and `onChange` tells it.
 */
export function CodeEditor({
  id,
  text,
  label,
  language,
  complete,
  problems,
  onChange,
}: {
  id: string;
  text: string;
  label: string;
  language: LanguageSupport;
  complete?: CompletionSource | undefined;
  problems: readonly Diagnostic[];
  onChange: (text: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const completing = useRef(new Compartment());
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for another text only; what changes meanwhile is told to it below
  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          EditorView.lineWrapping,
          lintGutter(),
          language,
          syntaxHighlighting(COLOURS),
          LOOK,
          completing.current.of(autocompletion(complete ? { override: [complete] } : {})),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [id]);
  useEffect(() => {
    view.current?.dispatch({
      effects: completing.current.reconfigure(autocompletion(complete ? { override: [complete] } : {})),
    });
  }, [complete]);
  useEffect(() => {
    const at = view.current;
    if (!at) return;
    const end = at.state.doc.length;
    const within = problems.map((p) => ({ ...p, from: Math.min(p.from, end), to: Math.min(p.to, end) }));
    at.dispatch(setDiagnostics(at.state, within));
  }, [problems]);
  return <div ref={place} className="overflow-hidden rounded-md border border-control" />;
}
