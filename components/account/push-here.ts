const WORKER = '/push-worker.js';
const READY_MS = 10_000;

/** Why this browser cannot be told, in words for the person. */
export class PushFault extends Error {}

/** Whether this browser could show notifications at this address. */
export const canPush = (): boolean =>
  'serviceWorker' in navigator &&
  'PushManager' in window &&
  'Notification' in window &&
  window.isSecureContext;

async function subscriptionHere(): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const worker = await navigator.serviceWorker.getRegistration('/');
  return (await worker?.pushManager.getSubscription()) ?? null;
}

/** The address this browser takes notifications at; null when it takes none. */
export const endpointHere = async (): Promise<string | null> =>
  (await subscriptionHere().catch(() => null))?.endpoint ?? null;

export const unsubscribeHere = async (): Promise<void> => {
  await (await subscriptionHere().catch(() => null))?.unsubscribe();
};

type Subscribed = { endpoint: string; p256dh: string; auth: string; userAgent: string };

/** Asks the person and then the browser's push service. Rejects with words that say what to do. */
export async function subscribeHere(publicKey: string): Promise<Subscribed> {
  if ((await Notification.requestPermission()) !== 'granted') {
    throw new PushFault(
      'Your browser does not let this page show notifications. Allow them in its settings.',
    );
  }
  await navigator.serviceWorker.register(WORKER, { scope: '/' });
  const worker = await Promise.race([
    navigator.serviceWorker.ready,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new PushFault('The browser did not get ready. Try again.')), READY_MS);
    }),
  ]);
  const subscription = await worker.pushManager
    .subscribe({ userVisibleOnly: true, applicationServerKey: publicKey })
    .catch(() => {
      throw new PushFault(
        'Your browser’s push service could not be reached, so nothing was set up. Try again.',
      );
    });
  const { endpoint, keys } = subscription.toJSON();
  if (!endpoint || !keys?.p256dh || !keys.auth)
    throw new PushFault('The browser gave no address. Try again.');
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth, userAgent: navigator.userAgent.slice(0, 500) };
}
