'use client';
import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { Select } from '@/components/ui/select';
import { PolicyEditor } from './policy-editor';
import type { Content } from './use-draft';

const template = (id: string) => `@id("${id}")
@title("What it is about")
@because("{agent} …")
@verdict("hold")
forbid (principal, action == Action::"change", resource)
when { context.rowsChanged > 10 };
`;

const freeId = (content: Content): string => {
  let n = 1;
  while (content.policies.some((p) => p.id === `new-policy-${n}`)) n += 1;
  return `new-policy-${n}`;
};

/** One policy at a time: which, its text, and whether it judges at all. */
export function DraftPolicies({
  content,
  change,
}: {
  content: Content;
  change: (next: (content: Content) => Content) => void;
}) {
  const [index, setIndex] = useState(0);
  const at = Math.min(index, content.policies.length - 1);
  const policy = content.policies[at];
  const replace = (next: Content['policies'][number]) =>
    change((now) => ({ ...now, policies: now.policies.map((p, i) => (i === at ? next : p)) }));
  const add = () => {
    const id = freeId(content);
    change((now) => ({ ...now, policies: [...now.policies, { id, text: template(id) }] }));
    setIndex(content.policies.length);
  };
  return (
    <div className="grid gap-5 md:grid-cols-[15rem_minmax(0,1fr)]">
      <div className="flex gap-2 md:hidden">
        <Select
          aria-label="Policy"
          value={String(at)}
          onChange={(event) => setIndex(Number(event.target.value))}
        >
          {content.policies.map((p, i) => (
            <option key={p.id} value={i}>
              {p.id}
            </option>
          ))}
        </Select>
        <Button onClick={add}>
          <Plus /> New
        </Button>
      </div>
      <nav aria-label="Policies of the draft" className="hidden md:block">
        <Button className="mb-2 w-full" onClick={add}>
          <Plus /> New policy
        </Button>
        <ul className="max-h-[34rem] overflow-y-auto rounded-lg border border-line bg-surface">
          {content.policies.map((p, i) => (
            <li key={p.id}>
              <button
                type="button"
                aria-current={i === at}
                onClick={() => setIndex(i)}
                className={cn(
                  'block min-h-8 w-full truncate px-3 py-1.5 text-left font-mono text-xs hover:bg-hover focus-visible:-outline-offset-2',
                  i === at && 'bg-selected font-medium',
                  p.disabled && 'text-faint line-through',
                )}
              >
                {p.id}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      {policy ? (
        <div className="min-w-0 space-y-3">
          <PolicyEditor key={at} place={at} policy={policy} onChange={replace} />
          <div className="flex flex-wrap gap-2">
            <Button
              onClick={() =>
                replace({ id: policy.id, text: policy.text, ...(policy.disabled ? {} : { disabled: true }) })
              }
            >
              {policy.disabled ? 'Enable it' : 'Disable it'}
            </Button>
            <Button
              variant="ghost"
              onClick={() => {
                change((now) => ({ ...now, policies: now.policies.filter((_, i) => i !== at) }));
                setIndex(Math.max(0, at - 1));
              }}
            >
              <Trash2 /> Remove it from the draft
            </Button>
          </div>
        </div>
      ) : null}
    </div>
  );
}
