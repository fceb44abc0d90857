'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';

/** What administrators do with an agent's keys and its suspension; the agent is read again after each. */
export function useKeyActions() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const done = { onSuccess: () => void queries.invalidateQueries({ queryKey: trpc.catalog.pathKey() }) };
  const create = useMutation(trpc.admin.createKey.mutationOptions(done));
  const rotate = useMutation(trpc.admin.rotateKey.mutationOptions(done));
  const revoke = useMutation(trpc.admin.revokeKey.mutationOptions(done));
  const suspend = useMutation(trpc.admin.suspendAgent.mutationOptions(done));
  const resume = useMutation(trpc.admin.resumeAgent.mutationOptions(done));
  return { create, rotate, revoke, suspend, resume };
}

type Mutation<Input> = {
  mutateAsync: (input: Input) => Promise<unknown>;
  isPending: boolean;
  error: unknown;
};

/** A mutation as dialogs want it: whether it was done, and why not in words. */
export function asAction<Input>(mutation: Mutation<Input>) {
  return {
    busy: mutation.isPending,
    error: mutation.error ? errorWords(mutation.error) : null,
    run: (input: Input): Promise<boolean> =>
      mutation.mutateAsync(input).then(
        () => true,
        () => false,
      ),
  };
}
