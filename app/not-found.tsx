import { SearchX } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';

export default function NotFound() {
  return (
    <main className="flex min-h-dvh items-center">
      <EmptyState
        isPage
        icon={<SearchX />}
        title="There is no such page"
        action={
          <Button variant="primary" asChild>
            <Link href="/inbox">To the inbox</Link>
          </Button>
        }
      >
        The address may be cut short.
      </EmptyState>
    </main>
  );
}
