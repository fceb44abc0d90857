import { connect, type Socket } from 'node:net';

export type Answer = { status: number; body: string };
type Pending = { resolve(answer: Answer): void; reject(error: Error): void };

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection that asks one thing at a time. Written on the bare socket because node's own client costs more processor time
 * per request than the server under test, and both share this machine.
 */
export class HttpLine {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #pending: Pending | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<HttpLine> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new HttpLine(socket));
      });
    });
  }

  /** Sends one whole request (see `requestText`) and resolves with its answer. */
  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#pending = null;
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const end = this.#received.indexOf(HEAD_END);
    if (end === -1) return;
    const head = this.#received.toString('latin1', 0, end);
    const from = end + HEAD_END.length;
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    // Every answer of the API says its length; a chunked one would be a page, which nothing here asks for.
    if (length === undefined) {
      this.#fail(new Error(`an answer without a length: ${head}`));
      return;
    }
    if (this.#received.length < from + Number(length)) return;
    const body = this.#received.toString('utf8', from, from + Number(length));
    this.#received = Buffer.alloc(0);
    const pending = this.#pending;
    this.#pending = null;
    pending?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  #fail(error: Error): void {
    const pending = this.#pending;
    this.#pending = null;
    pending?.reject(error);
  }
}

/** The bytes of a call with an agent's key or a person's cookie. `body` makes it a POST. */
export function requestText(call: { path: string; headers: Record<string, string>; body?: string }): string {
  const lines = [
    `${call.body === undefined ? 'GET' : 'POST'} ${call.path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...Object.entries(call.headers).map(([name, value]) => `${name}: ${value}`),
    ...(call.body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${Buffer.byteLength(call.body)}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${call.body ?? ''}`;
}

/** The value a tRPC answer carries; anything but success ends the measurement, since fast refusals would look like speed. */
export function dataOf<T>(answer: Answer): T {
  if (answer.status !== 200) throw new Error(`answered ${answer.status}: ${answer.body.slice(0, 400)}`);
  return (JSON.parse(answer.body) as { result: { data: T } }).result.data;
}
