import { Skeleton } from '@/components/ui/skeleton';

/** The page's own shape, before its content is there. */
export function ActionSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the planned action"
      className="mx-auto flex max-w-[64rem] flex-col gap-5"
    >
      <div>
        <Skeleton className="h-5 w-20" />
        <Skeleton className="mt-5 h-6 w-52" />
        <Skeleton className="mt-4 h-9 w-full max-w-2xl" />
        <Skeleton className="mt-2 h-9 w-2/3 max-w-xl" />
        <Skeleton className="mt-4 h-5 w-72" />
      </div>
      <Skeleton className="h-105 rounded-xl" />
      <Skeleton className="h-64 rounded-xl" />
    </div>
  );
}
