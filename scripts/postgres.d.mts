export type RunningPostgres = {
  /** The administrator's connection, to the first of the databases asked for. */
  url: string;
  port: number;
  pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>;
  stop(): Promise<void>;
};

export function startPostgres(options: {
  /** Created when missing. Its password is kept beside it, readable by its owner only. */
  dataDir: string;
  /** A free one when absent; a function is asked once everything left over from before has been stopped. */
  port?: number | (() => Promise<number>);
  settings?: Record<string, string>;
  databases?: string[];
  /** False gives up durability for speed: tests only. */
  durable?: boolean;
}): Promise<RunningPostgres>;
