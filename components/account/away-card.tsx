'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { RelativeTime } from '@/components/ui/relative-time';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/skeleton';
import { absoluteWords } from '@/components/ui/time-words';
import { toast } from '@/components/ui/toaster';

const DECIDING = ['owner', 'security_lead', 'reviewer'];
const DAY_MS = 24 * 60 * 60 * 1_000;

/** In the browser's own time, as the field for a time wants it. */
function localMinutes(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function AwayForm({ onSaved }: { onSaved: () => void }) {
  const trpc = useTRPC();
  const me = useMe();
  const people = useQuery(trpc.catalog.people.queryOptions({ limit: 200 }));
  const go = useMutation(
    trpc.me.goAway.mutationOptions({
      onSuccess: ({ standIn }) => {
        onSaved();
        toast.success('You are away', {
          description: standIn ? `${standIn.name} decides in your place.` : 'Nobody decides in your place.',
        });
      },
    }),
  );
  const problems = problemsByField(go.error);
  const fault = go.error && Object.keys(problems).length === 0 ? go.error : null;
  const others = (people.data?.items ?? []).filter(
    (p) =>
      p.personId !== me.personId &&
      p.disabledAt === null &&
      p.away === null &&
      p.roles.some((role) => DECIDING.includes(role)),
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const until = new Date(String(fields.get('until')));
    if (Number.isNaN(until.getTime())) return;
    go.mutate({ until: until.toISOString(), standInId: String(fields.get('standIn')) || null });
  };
  return (
    <form method="post" onSubmit={submit} aria-label="Away" className="flex max-w-104 flex-col gap-4">
      {fault ? (
        <Callout tone="danger" role="alert">
          {errorWords(fault)}
        </Callout>
      ) : null}
      <Field label="Back on" error={problems.until}>
        {(control) => (
          <Input
            {...control}
            name="until"
            type="datetime-local"
            required
            defaultValue={localMinutes(new Date(Date.now() + 7 * DAY_MS))}
          />
        )}
      </Field>
      <Field
        label="Decides in your place"
        hint="For your groups, in their own role, with their own clearances and one vote. Never on what you have no vote on yourself."
        error={problems.standInId}
      >
        {(control) => (
          <Select {...control} name="standIn" defaultValue="">
            <option value="">Nobody</option>
            {others.map((p) => (
              <option key={p.personId} value={p.personId}>
                {p.name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" variant="primary" busy={go.isPending} className="self-start">
        I am away
      </Button>
    </form>
  );
}

/** Saying that one is away, and who decides meanwhile; and whose place one takes. */
export function AwayCard() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const refresh = () => void queries.invalidateQueries();
  const absence = useQuery(trpc.me.absence.queryOptions());
  const back = useMutation(
    trpc.me.comeBack.mutationOptions({
      onSuccess: () => {
        refresh();
        toast.success('Welcome back', { description: 'What waits for you is mailed to you again.' });
      },
    }),
  );
  const { away, standsInFor = [] } = absence.data ?? {};
  return (
    <Card id="away" title="Away">
      <div className="flex flex-col gap-4">
        {standsInFor.map(({ name, until }) => (
          <Callout key={name} tone="notice">
            You decide in the place of {name} until {absoluteWords(until)}.
          </Callout>
        ))}
        {absence.isPending ? (
          <Skeleton className="h-40 w-full" />
        ) : absence.error ? (
          <Callout tone="danger" role="alert">
            {errorWords(absence.error)}
          </Callout>
        ) : away ? (
          <>
            <p className="text-base">
              You are away until <strong className="font-semibold">{absoluteWords(away.until)}</strong> (
              <RelativeTime at={away.until} />
              ).{' '}
              {away.standIn ? `${away.standIn.name} decides in your place.` : 'Nobody decides in your place.'}{' '}
              Nothing is mailed to you but what is about to expire.
            </p>
            <Button
              variant="primary"
              busy={back.isPending}
              onClick={() => back.mutate({})}
              className="self-start"
            >
              I am back
            </Button>
          </>
        ) : (
          <AwayForm onSaved={refresh} />
        )}
      </div>
    </Card>
  );
}
