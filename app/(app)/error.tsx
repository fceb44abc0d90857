'use client';
import { Unplug } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';

export default function AppError({ reset }: { error: Error; reset: () => void }) {
  return (
    <EmptyState
      isPage
      icon={<Unplug />}
      title="This page could not be shown"
      action={
        <Button variant="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      Nothing was decided or changed. If it stays like this, look at the server’s log: it says why.
    </EmptyState>
  );
}
