'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { BellRing, Monitor } from 'lucide-react';
import { useEffect, useState } from 'react';
import { errorWords } from '@/components/api/error-words';
import { useTRPC } from '@/components/api/trpc';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { toast } from '@/components/ui/toaster';
import { deviceWords } from './device-words';
import { canPush, endpointHere, PushFault, subscribeHere, unsubscribeHere } from './push-here';

/** Browsers that show one notifications: this one, and those on other devices. */
export function PushCard() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const known = useQuery(trpc.me.devices.queryOptions());
  const [here, setHere] = useState<string | null>(null);
  const [supported, setSupported] = useState(true);
  useEffect(() => {
    setSupported(canPush());
    void endpointHere().then(setHere);
  }, []);
  const again = () => queries.invalidateQueries({ queryKey: trpc.me.devices.queryKey() });
  const add = useMutation(trpc.me.addDevice.mutationOptions());
  const begin = useMutation({
    mutationFn: async (publicKey: string) => {
      const device = await subscribeHere(publicKey);
      await add.mutateAsync(device);
      return device;
    },
    onSuccess: ({ endpoint }) => {
      setHere(endpoint);
      toast.success('This browser shows you notifications');
      return again();
    },
  });
  const remove = useMutation(trpc.me.removeDevice.mutationOptions({ onSuccess: again }));
  const devices = known.data?.devices ?? [];
  const isHere = here !== null && devices.some((device) => device.endpoint === here);
  const error = begin.error ?? remove.error ?? known.error;
  return (
    <Card id="notifications" title="Notifications">
      <div className="flex flex-col gap-4">
        <p className="max-w-xl text-base text-soft">
          What is held for you appears on your screen, also while Holdpoint is closed, from the level and in
          the hours chosen above. It says the sentence, the level and the agent, and nothing of the data.
        </p>
        {error ? (
          <Callout tone="danger" role="alert">
            {error instanceof PushFault ? error.message : errorWords(error)}
          </Callout>
        ) : null}
        {devices.length > 0 ? (
          <ul className="divide-y divide-line border-line border-y">
            {devices.map((device) => (
              <li key={device.deviceId} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
                <Monitor aria-hidden className="size-4.5 shrink-0 text-faint" />
                <span className="min-w-0 flex-1">
                  <span className="flex flex-wrap items-center gap-2 font-medium">
                    {deviceWords(device.userAgent)}
                    {device.endpoint === here ? <Badge>this browser</Badge> : null}
                  </span>
                  <span className="block text-faint text-sm">
                    since <RelativeTime at={device.createdAt} focusable />
                    {device.shownAt ? (
                      <>
                        , last told <RelativeTime at={device.shownAt} focusable />
                      </>
                    ) : null}
                  </span>
                </span>
                <Button
                  size="sm"
                  busy={remove.isPending}
                  onClick={() => {
                    if (device.endpoint === here) void unsubscribeHere();
                    remove.mutate({ deviceId: device.deviceId });
                  }}
                >
                  Remove
                </Button>
              </li>
            ))}
          </ul>
        ) : null}
        {supported ? (
          isHere || known.data === undefined ? null : (
            <Button
              className="self-start"
              busy={begin.isPending}
              onClick={() => begin.mutate(known.data.publicKey)}
            >
              <BellRing /> Show them in this browser
            </Button>
          )
        ) : (
          <p className="text-faint text-sm">
            This browser cannot show notifications, or not at this address: they need https, or localhost. On
            an iPhone, add Holdpoint to the home screen first.
          </p>
        )}
      </div>
    </Card>
  );
}
