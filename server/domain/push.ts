/** Where a browser's push service takes notifications for it, and the keys only that browser reads them with (RFC 8291). */
export type PushAddress = { endpoint: string; p256dh: string; auth: string };

/** What a notification shows; nothing of the data. `tag`: a later one with the same replaces it. */
export type PushMessage = { title: string; body: string; url: string; tag: string };

export interface Pusher {
  /** The key browsers subscribe with (RFC 8292), base64url. */
  readonly publicKey: string;
  /** `gone` when the browser takes none any more. Rejects when it was not taken for another reason. */
  push(to: PushAddress, message: PushMessage, ttlSeconds: number): Promise<'taken' | 'gone'>;
}
