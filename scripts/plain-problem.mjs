import { createServer } from 'node:net';

/** Something a person can fix. Its message is one plain sentence that says what to do; it is printed without a stack. */
export class PlainProblem extends Error {
  name = 'PlainProblem';
}

/** Turns what the file system says into a sentence; anything else comes back as it was. */
export function explainFileError(error, doing) {
  if (error instanceof PlainProblem) return error;
  const where = error?.path ? ` (${error.path})` : '';
  switch (error?.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new PlainProblem(
        `The disk is full, so Holdpoint could not ${doing}${where}; free some space and start again.`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new PlainProblem(
        `Holdpoint may not write here, so it could not ${doing}${where}; make the folder writable for your user or use another checkout.`,
      );
    case 'EEXIST':
    case 'ENOTDIR':
      return new PlainProblem(
        `Holdpoint could not ${doing}: a file is where a folder should be${where}; move it away and start again.`,
      );
    default:
      return error;
  }
}

/** Prints a problem the way a newcomer should meet it, and ends the process with code 1. */
export function exitWith(error) {
  const plain = explainFileError(error, 'write its data');
  process.stderr.write(
    plain instanceof PlainProblem ? `\n${plain.message}\n` : `\n${plain?.stack ?? plain}\n`,
  );
  process.exit(1);
}

/** Whether something already listens on this port, on any address the server would use. */
export function isPortTaken(port, host) {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(true);
      else if (error.code === 'EACCES') {
        reject(
          new PlainProblem(
            `Port ${port} needs special rights; choose one above 1023, for example PORT=3100 npm start.`,
          ),
        );
      } else reject(error);
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

/** A port nobody uses right now on the loopback address. */
export function findFreePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
