'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Bookmark, BookmarkPlus, Trash2 } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu';
import { toast } from '@/components/ui/toaster';
import type { InboxFilters } from './inbox-filters';

const same = (a: InboxFilters, b: InboxFilters): boolean =>
  a.view === b.view && a.level === b.level && a.agent === b.agent && a.q.trim() === b.q.trim();

/** Names what is on the screen, for the next time. */
function SaveDialog({ filters, onClose }: { filters: InboxFilters; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const form = useId();
  const save = useMutation(
    trpc.me.saveView.mutationOptions({
      onSuccess: ({ name }) => {
        toast.success(`Saved as “${name}”`);
        onClose();
        return queries.invalidateQueries({ queryKey: trpc.me.views.queryKey() });
      },
    }),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    save.mutate({ name, filters: { ...filters, q: filters.q.trim() } });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Save this view"
      description="The tab, the search, the level and the agent. Yours alone; a view of the same name is replaced."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} variant="primary" busy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={form} method="post" onSubmit={submit} className="space-y-4">
        {save.error ? (
          <Callout tone="danger" role="alert">
            {errorWords(save.error)}
          </Callout>
        ) : null}
        <Field label="Name">
          {(control) => (
            <Input
              {...control}
              name="name"
              required
              maxLength={60}
              autoComplete="off"
              placeholder="Critical, payroll"
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

/** One's own views: open one, save what is on the screen, remove the one that is. */
export function SavedViews({
  filters,
  onApply,
}: {
  filters: InboxFilters;
  onApply: (filters: InboxFilters) => void;
}) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [saving, setSaving] = useState(false);
  const views = useQuery(trpc.me.views.queryOptions()).data ?? [];
  const remove = useMutation(
    trpc.me.removeView.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.me.views.queryKey() }),
      onError: (error) => toast.error(errorWords(error)),
    }),
  );
  const current = views.find((view) => same(view.filters, filters));
  return (
    <>
      <Menu
        trigger={
          <Button variant="ghost" size="sm">
            <Bookmark /> {current?.name ?? 'Views'}
          </Button>
        }
      >
        <MenuLabel>{views.length === 0 ? 'No view is saved yet' : 'Saved views'}</MenuLabel>
        {views.map((view) => (
          <MenuItem key={view.viewId} onSelect={() => onApply(view.filters)}>
            <Bookmark aria-hidden className={view === current ? 'fill-current' : ''} />
            <span className="max-w-64 truncate">{view.name}</span>
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem onSelect={() => setSaving(true)} disabled={current !== undefined}>
          <BookmarkPlus aria-hidden /> Save this view…
        </MenuItem>
        {current ? (
          <MenuItem danger onSelect={() => remove.mutate({ viewId: current.viewId })}>
            <Trash2 aria-hidden /> Remove “{current.name}”
          </MenuItem>
        ) : null}
      </Menu>
      {saving ? <SaveDialog filters={filters} onClose={() => setSaving(false)} /> : null}
    </>
  );
}
