import { Callout } from '@/components/ui/callout';
import { CopyButton } from '@/components/ui/copy-button';

/** A key, the only time anybody sees it. */
export function KeyOnce({ agent, secret }: { agent: string; secret: string }) {
  return (
    <div className="space-y-4">
      <Callout tone="caution" title="Copy it now: it is not shown again">
        Holdpoint keeps only a fingerprint of it. Put it where {agent} reads its secrets from.
      </Callout>
      <div className="flex items-start gap-2 rounded-md border border-line bg-sunken py-2 pr-2 pl-3">
        <code className="min-w-0 flex-1 break-all text-sm">{secret}</code>
        <CopyButton value={secret} label="Copy the key" className="size-8" />
      </div>
      <p className="text-soft text-sm">
        It is sent with every call as <code className="break-all text-ink">Authorization: Bearer hp_…</code>
      </p>
    </div>
  );
}
