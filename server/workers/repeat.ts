/** Work that a process does again and again beside its requests. */
export type Worker = { start(): void; stop(): Promise<void> };

/**
 * Does `work` again and again until stopped, pausing between two rounds; one that fails is logged as `what` and tried again. `stop` resolves when
 * what is under way is done.
 */
export function repeat(
  work: (isStopped: () => boolean) => Promise<unknown>,
  pauseMs: number,
  log: { error(fields: object, message: string): void },
  what: string,
): Worker {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let working: Promise<unknown> = Promise.resolve();
  const tick = (): void => {
    timer = setTimeout(() => {
      working = work(() => stopped)
        .catch((error) => log.error({ error: String(error) }, `${what} failed; trying again`))
        .finally(() => {
          if (!stopped) tick();
        });
    }, pauseMs);
    timer.unref();
  };
  return {
    start: tick,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await working;
    },
  };
}
