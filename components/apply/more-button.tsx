import { Button } from '@/components/ui/button';

/** Goes on with a list that has more than its first page. */
export function MoreButton({
  list,
}: {
  list: { hasMore: boolean; isReadingMore: boolean; onMore: () => void };
}) {
  if (!list.hasMore) return null;
  return (
    <div className="flex justify-center border-line border-t p-3">
      <Button busy={list.isReadingMore} onClick={list.onMore}>
        Show more
      </Button>
    </div>
  );
}
