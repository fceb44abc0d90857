import type { ServerResponse } from 'node:http';

type Listener = (event: Event) => void;
const CLOSED = new Event('abort');

/**
 * Says that the client has gone away, with the little of AbortSignal that a long poll uses. A real controller per request costs a kilobyte,
 * and thousands of agents wait at once; this one is a few words until somebody listens.
 */
export function closedSignal(response: ServerResponse): AbortSignal {
  const wrappers = new Map<Listener, () => void>();
  const signal = {
    get aborted() {
      return response.closed && !response.writableFinished;
    },
    addEventListener(_: 'abort', listener: Listener) {
      const onClose = () => {
        if (!response.writableFinished) listener(CLOSED);
      };
      wrappers.set(listener, onClose);
      response.once('close', onClose);
    },
    removeEventListener(_: 'abort', listener: Listener) {
      const onClose = wrappers.get(listener);
      if (onClose === undefined) return;
      wrappers.delete(listener);
      response.removeListener('close', onClose);
    },
    throwIfAborted() {
      if (signal.aborted) throw new Error('the client closed the connection');
    },
    reason: undefined,
    onabort: null,
    dispatchEvent: () => true,
  };
  return signal as unknown as AbortSignal;
}
