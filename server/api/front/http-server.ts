import { createServer, type RequestListener, type Server } from 'node:http';

const HEADERS_TIMEOUT_MS = 20_000;
/** Longer than the usual 60 s of a proxy in front: whoever closes first must be the proxy, or a request now and then meets a closed door. */
const KEEP_ALIVE_MS = 75_000;
const REQUEST_TIMEOUT_MS = 120_000;

/** A server for many quiet connections: thousands of agents wait on it for most of a minute each. */
export function createHttpServer(listener: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      // Bounds how long a client may take to send a request, not how long an answer may take: waits are not cut.
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      noDelay: true,
      maxHeaderSize: 16 * 1024,
    },
    listener,
  );
  server.timeout = 0;
  return server;
}

/**
 * Stops accepting, lets what is under way finish for at most `patienceMs`, then cuts what is left. Idle keep-alive connections are closed
 * at once and again as they fall idle, or they would hold the process for their whole time-out.
 */
export function drain(server: Server, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => server.closeAllConnections(), patienceMs);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
