'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api/trpc';
import type { ActionDetail } from '@/server/domain/views';

const NONE: readonly string[] = [];

/** Low holds that are the same as this one, and whether the person wants to decide them with it; `chosen` are those, if so. */
export function useIdentical(action: ActionDetail | undefined) {
  const trpc = useTRPC();
  const [together, onChange] = useState(false);
  const enabled =
    action?.status === 'held' &&
    action.level === 'low' &&
    action.eligibility.canDecide &&
    action.hold?.presence !== 'passkey';
  const found = useQuery(
    trpc.review.identical.queryOptions({ actionId: action?.actionId ?? '' }, { enabled }),
  );
  const others = enabled ? (found.data ?? NONE) : NONE;
  return { others, together, onChange, chosen: together ? others : NONE };
}
