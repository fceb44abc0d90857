'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';

/** Entries of a workspace document, without its frame. */
export type DocumentPart = Record<string, unknown>;

/**
 * Sets something up the way files do: a part of a workspace document, applied. What it does not name stays, so a form sends only what it
 * asked for. Lists are read again afterwards.
 */
export function useApply() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const mutation = useMutation(
    trpc.admin.apply.mutationOptions({
      onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() }),
    }),
  );
  const problems = problemsOf(mutation.error);
  return {
    apply: (part: DocumentPart) =>
      mutation.mutateAsync({ document: { apiVersion: 'holdpoint/v1', ...part } }).catch(() => null),
    busy: mutation.isPending,
    reset: mutation.reset,
    /** What is wrong with one field, by the end of its JSON pointer; null when it is fine. */
    problemAt: (end: string): string | null =>
      problems.find((problem) => problem.pointer.endsWith(end))?.message ?? null,
    /** Everything that is wrong, in words; null while nothing is. */
    error:
      mutation.error === null
        ? null
        : problems.length > 0
          ? problems.map((problem) => problem.message).join(' ')
          : errorWords(mutation.error),
  };
}

export type Problem = { pointer: string; message: string };

/** What the API found wrong, place by place; empty when it said so in one sentence. */
export function problemsOf(error: unknown): Problem[] {
  const data = (error as { data?: { problems?: Problem[] } | null } | null)?.data;
  return data?.problems ?? [];
}
