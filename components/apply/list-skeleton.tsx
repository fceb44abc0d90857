import { Skeleton } from '@/components/ui/skeleton';

/** Rows that are on their way, at the height they will have. */
export function ListSkeleton({ label }: { label: string }) {
  return (
    <div role="status" aria-label={label} className="divide-y divide-line">
      {['a', 'b', 'c', 'd'].map((key) => (
        <div key={key} className="flex h-15 items-center gap-4 px-4 sm:px-5">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-4 w-28" />
          <Skeleton className="ml-auto h-4 w-20" />
        </div>
      ))}
    </div>
  );
}
