import { ActionSkeleton } from '@/components/action/action-skeleton';

export default function Loading() {
  return <ActionSkeleton />;
}
