'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTRPC } from '@/components/api/trpc';
import { CodeEditor } from '@/components/editor/code-editor';
import { Card } from '@/components/ui/card';
import type { PolicyEntry } from '@/server/domain/policy-set';
import type { PolicyCheck, PolicyLanguageView } from '@/server/domain/policy-views';
import { cedar, completions } from './cedar-mode';
import { PolicyWords } from './policy-words';

const CHECK_MS = 300;
const ID = /@id\("([a-z][a-z0-9-]{0,79})"\)/;

/** A policy's text, checked while it is typed, and what it says in words. The name is the one in its `@id`. */
export function PolicyEditor({
  place,
  policy,
  onChange,
}: {
  place: number;
  policy: PolicyEntry;
  onChange: (policy: PolicyEntry) => void;
}) {
  const trpc = useTRPC();
  const language = useQuery({ ...trpc.policy.language.queryOptions(), staleTime: Number.POSITIVE_INFINITY });
  const words = language.data as PolicyLanguageView | undefined;
  const complete = useMemo(() => (words ? completions(words) : undefined), [words]);
  const [checked, setChecked] = useState<PolicyCheck | null>(null);
  const { mutate } = useMutation(
    trpc.policy.check.mutationOptions({ onSuccess: (answer) => setChecked(answer as PolicyCheck) }),
  );
  const { id, text } = policy;
  useEffect(() => {
    const timer = setTimeout(() => mutate({ policy: { id, text } }), CHECK_MS);
    return () => clearTimeout(timer);
  }, [id, text, mutate]);
  const problems = checked?.problems ?? [];
  const marks = useMemo(
    () =>
      (checked?.problems ?? []).flatMap((p) =>
        p.from === undefined
          ? []
          : [{ from: p.from, to: p.to ?? p.from, severity: 'error' as const, message: p.message }],
      ),
    [checked],
  );
  return (
    <>
      <CodeEditor
        id={String(place)}
        text={text}
        label={`Text of ${id}`}
        language={cedar}
        complete={complete}
        problems={marks}
        onChange={(next) => onChange({ ...policy, id: ID.exec(next)?.[1] ?? id, text: next })}
      />
      <div aria-live="polite" className="space-y-3">
        {problems.length > 0 ? (
          <ul className="space-y-1.5 rounded-lg border border-danger-line bg-danger-tint px-4 py-3 text-base">
            {problems.map((p) => (
              <li key={`${p.from} ${p.message}`} className="flex gap-2">
                <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-text" />
                <span>
                  {p.line === undefined ? '' : `Line ${p.line}, column ${p.column}: `}
                  {p.message}
                </span>
              </li>
            ))}
          </ul>
        ) : null}
        {checked ? (
          <Card title="As a reviewer reads it">
            <PolicyWords words={checked.words} disabled={policy.disabled ?? false} />
          </Card>
        ) : null}
      </div>
    </>
  );
}
