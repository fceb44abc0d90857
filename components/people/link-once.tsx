import { Callout } from '@/components/ui/callout';
import { CopyButton } from '@/components/ui/copy-button';
import { absoluteWords } from '@/components/ui/time-words';

/** A one-time link that lets somebody set their password. */
export function LinkOnce({ name, url, expiresAt }: { name: string; url: string; expiresAt: string }) {
  return (
    <div className="space-y-4">
      <Callout tone="caution" title={`Send it to ${name}, and to nobody else`}>
        Whoever opens it sets the password. It works once, until {absoluteWords(expiresAt)}.
      </Callout>
      <div className="flex items-start gap-2 rounded-md border border-line bg-sunken py-2 pr-2 pl-3">
        <code className="min-w-0 flex-1 break-all text-sm">{url}</code>
        <CopyButton value={url} label="Copy the link" className="size-8" />
      </div>
    </div>
  );
}
