'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import type { PolicyCaseEntry, PolicyEntry } from '@/server/domain/policy-set';
import type { DraftView } from '@/server/domain/policy-views';

export type Content = { policies: PolicyEntry[]; cases: PolicyCaseEntry[] };
const SAVE_MS = 700;

const contentOf = (draft: DraftView): Content => ({
  policies: draft.policies.map(({ id, text, disabled }) => ({ id, text, ...(disabled ? { disabled } : {}) })),
  cases: draft.cases,
});

/** A draft as it is being written: what is typed is kept by itself, one save after the other, and never over somebody else's. */
export function useDraft(draftId: string) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const query = useQuery({ ...trpc.policy.draft.queryOptions({ draftId }), refetchOnWindowFocus: false });
  const draft = query.data as DraftView | undefined;
  const [content, setContent] = useState<Content | null>(null);
  const [dirty, setDirty] = useState(false);
  const revision = useRef(0);
  const save = useMutation(
    trpc.policy.saveDraft.mutationOptions({
      onSuccess: (saved) => {
        revision.current = saved.revision;
        void queries.invalidateQueries({ queryKey: trpc.policy.draft.queryKey({ draftId }) });
        void queries.invalidateQueries({ queryKey: trpc.policy.backtest.queryKey({ draftId }) });
      },
    }),
  );
  useEffect(() => {
    if (draft === undefined || content !== null) return;
    revision.current = draft.revision;
    setContent(contentOf(draft));
  }, [draft, content]);
  const { mutate, isPending, isError } = save;
  useEffect(() => {
    if (!dirty || content === null || isPending || isError) return;
    const timer = setTimeout(() => {
      setDirty(false);
      mutate({ draftId, revision: revision.current, set: content });
    }, SAVE_MS);
    return () => clearTimeout(timer);
  }, [dirty, content, isPending, isError, draftId, mutate]);
  const change = useCallback((next: (content: Content) => Content) => {
    setContent((now) => now && next(now));
    setDirty(true);
  }, []);
  return {
    draft,
    content,
    change,
    revision,
    state: save.error ? errorWords(save.error) : dirty || save.isPending ? 'saving' : 'saved',
    failed: save.isError,
    error: query.error,
  };
}
