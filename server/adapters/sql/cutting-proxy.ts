import { connect, createServer, type Server, type Socket } from 'node:net';

/** A connection to a database that breaks at a chosen moment: for tests of what is known afterwards. */
export type CuttingProxy = { url: string; close(): Promise<void> };

/**
 * Forwards to the database of `url` and cuts the connection when a client sends `word`: before forwarding it (`request`), so that the
 * server never sees it, or when the server answers it (`answer`), so that it was done but nobody was told.
 */
export async function cuttingProxy(
  url: string,
  word: string,
  when: 'request' | 'answer',
): Promise<CuttingProxy> {
  const to = new URL(url);
  const open = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    let armed = false;
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', cut);
      socket.on('close', cut);
    }
    client.on('data', (bytes) => {
      if (bytes.includes(`${word}\0`)) {
        if (when === 'request') return cut();
        armed = true;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => (armed ? cut() : client.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const through = new URL(url);
  through.port = String(typeof address === 'object' && address !== null ? address.port : 0);
  return {
    url: through.toString(),
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
