'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { InertText } from '@/components/agent-words/inert-text';
import { errorWords, problemsByField } from '@/components/api/error-words';
import { hasRole, useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field } from '@/components/ui/field';
import { RelativeTime } from '@/components/ui/relative-time';
import { Select } from '@/components/ui/select';
import { Textarea } from '@/components/ui/textarea';
import { toast } from '@/components/ui/toaster';
import type { BrokenGlassView } from '@/server/domain/views';

function CloseForm({ reviewId }: { reviewId: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [finding, setFinding] = useState<'justified' | 'not_justified'>('justified');
  const [note, setNote] = useState('');
  const close = useMutation(
    trpc.glass.close.mutationOptions({
      onSuccess: () => {
        toast.success('The review is closed');
        return queries.invalidateQueries();
      },
    }),
  );
  const problems = problemsByField(close.error);
  const fault = close.error && Object.keys(problems).length === 0 ? close.error : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    close.mutate({ reviewId, finding, note: note.trim() });
  };
  return (
    <form
      method="post"
      onSubmit={submit}
      aria-label="Close the review"
      className="flex max-w-140 flex-col gap-4 border-line border-t pt-4"
    >
      {fault ? (
        <Callout tone="danger" role="alert">
          {errorWords(fault)}
        </Callout>
      ) : null}
      <Field label="Was it justified?" className="sm:max-w-72">
        {(control) => (
          <Select
            {...control}
            value={finding}
            onChange={(event) =>
              setFinding(event.target.value === 'justified' ? 'justified' : 'not_justified')
            }
          >
            <option value="justified">It was justified</option>
            <option value="not_justified">It was not justified</option>
          </Select>
        )}
      </Field>
      <Field label="What you found" hint="It stays in the audit log." error={problems.note}>
        {(control) => (
          <Textarea
            {...control}
            rows={3}
            required
            maxLength={4000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
            placeholder="The rows are right; the on-call rota had a gap, which is filled now"
          />
        )}
      </Field>
      <Button
        type="submit"
        variant="primary"
        busy={close.isPending}
        disabled={note.trim() === ''}
        className="self-start"
      >
        Close the review
      </Button>
    </form>
  );
}

function Review({ review }: { review: BrokenGlassView }) {
  const me = useMe();
  const { closed } = review;
  const mayClose = hasRole(me, 'owner', 'security_lead') && review.by.id !== me.personId;
  return (
    <Card
      id="glass"
      title={`Released by ${review.by.name} alone`}
      aside={
        closed === null ? (
          <Badge tone="danger">review open</Badge>
        ) : (
          <Badge tone={closed.finding === 'justified' ? 'neutral' : 'danger'}>
            {closed.finding === 'justified' ? 'reviewed: justified' : 'reviewed: not justified'}
          </Badge>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <p className="text-base [overflow-wrap:anywhere]">
          “<InertText text={review.reason} />”{' '}
          <RelativeTime at={review.at} focusable className="text-faint text-sm" />
        </p>
        {closed ? (
          <p className="text-base text-soft [overflow-wrap:anywhere]">
            {closed.by}: “<InertText text={closed.note} />”{' '}
            <RelativeTime at={closed.at} focusable className="text-faint text-sm" />
          </p>
        ) : mayClose ? (
          <CloseForm reviewId={review.reviewId} />
        ) : (
          <p className="text-soft">
            Another owner or security lead than {review.by.name} looks at it and closes this.
          </p>
        )}
      </div>
    </Card>
  );
}

/** That it was released by one person alone, why, and the review of that. */
export function GlassCard({ actionId }: { actionId: string }) {
  const reviews = useQuery(useTRPC().glass.list.queryOptions({ actionId }));
  return (reviews.data ?? []).map((review) => <Review key={review.reviewId} review={review} />);
}
