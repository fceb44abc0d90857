import type { TargetDefinition } from '@/server/domain/catalog';
import { NO_SEEDS, type Seeds, warmCatalogQueries } from './catalog-facts';
import { readCounted } from './rehearsal';
import { type Place, Session } from './session';
import { settle } from './settle';
import { warmAnalysis } from './static-footprint';
import { warmSubjectPaths } from './subjects';

type Target = Pick<TargetDefinition, 'id'> & Place;
/** Sessions of one target under one definition of it; another definition is another shelf. */
type Shelf = {
  key: string;
  target: Target;
  ready: Session[];
  /** Sessions that analyse and are not analysing now. */
  analysts: Session[];
  opening: number;
  /** What the catalog was last asked about. */
  usual: Seeds;
  /** Handed out, and neither ended nor taken back yet. */
  out: Set<Session>;
  usedAt: number;
  filling: NodeJS.Timeout | null;
};
const FILL_AFTER_MS = 150;
/** One that does not answer is not kept. */
const SETTLE_MS = 2_000;
/** After so many looks it is filled all the same: somebody is always at work on a busy target. */
const MOST_WAITS = 10;

export type StockOptions = {
  /** Sessions kept ready per target: two measurements at once take four. */
  perTarget?: number;
  /** Over all targets. */
  atMost?: number;
  /** A target nobody asked for this long keeps none. */
  idleMs?: number;
};

/**
 * Connected sessions for measuring: connecting, planning the questions about the catalog, and getting to know tables and triggers takes longer
 * than most statements. Each is handed out to one measurement at a time, and afterwards thrown away or, where nothing of the statement can
 * be left in it, settled and kept; it belongs to one target's credentials and is closed when that target is defined anew, is not used for a
 * while, or the process ends.
 */
export class SessionStock {
  private readonly shelves = new Map<string, Shelf>();
  private readonly perTarget: number;
  private readonly atMost: number;
  private readonly idleMs: number;
  private readonly sweeping: NodeJS.Timeout;
  private closed = false;

  constructor(options: StockOptions = {}) {
    this.perTarget = options.perTarget ?? 4;
    this.atMost = options.atMost ?? 40;
    this.idleMs = options.idleMs ?? 30_000;
    this.sweeping = setInterval(() => this.sweep(), this.idleMs / 2);
    this.sweeping.unref();
  }

  /** A session in which a statement is measured as if it were the first, from the stock or opened now. What its role may do is read again as it is handed out: see `renewed`. */
  async take(target: Target, options: { timeoutMs: number }): Promise<Session> {
    const shelf = this.shelfOf(target);
    try {
      return this.handOut(shelf, firstUsable(shelf.ready) ?? (await Session.open(target, options)));
    } finally {
      this.fillSoon(shelf);
    }
  }

  /** Of one measurement whose statement left nothing in them. They are handed out next, in the same order: they know its tables by now. */
  takeBack(target: Target, sessions: readonly Session[]): void {
    void this.keepSettled(target, sessions);
  }

  private async keepSettled(target: Target, sessions: readonly Session[]): Promise<void> {
    const stop = (): void => {
      for (const session of sessions) session.destroy();
    };
    const late = setTimeout(stop, SETTLE_MS);
    const settled = await Promise.all(sessions.map((session) => settle(session).catch(() => false)));
    clearTimeout(late);
    const shelf = this.shelves.get(target.id);
    const kept: Session[] = [];
    for (const [i, session] of sessions.entries()) {
      const wanted = shelf?.key === keyOf(target) && kept.length < this.perTarget && !this.closed;
      if (settled[i] === true && wanted && !session.isGone) kept.push(session);
      else session.discard();
      shelf?.out.delete(session);
    }
    for (const session of kept) session.hold();
    if (shelf === undefined) return;
    shelf.ready.unshift(...kept);
    // Those that know less make room.
    const tooMany = () => shelf.ready.length > this.perTarget || this.total() > this.atMost;
    while (shelf.ready.length > 0 && tooMany()) shelf.ready.pop()?.discard();
  }

  /**
   * A session to analyse statements in. Defining something there, though it is rolled back, makes the server plan all questions about the catalog
   * anew, so it is not the one that asks them. From then on no statement of an agent runs in it: `giveBack` keeps it for the next measurement. Null where no
   * session is ready: one that is opened now has planned nothing, so that nothing would be gained.
   */
  takeAnalyst(target: Target): Session | null {
    const shelf = this.shelfOf(target);
    return firstUsable(shelf.analysts) ?? firstUsable(shelf.ready);
  }

  /** Only a session that analysed to the end: one that failed otherwise is to be destroyed. */
  giveBack(target: Target, session: Session): void {
    const shelf = this.shelves.get(target.id);
    if (this.closed || session.isGone || shelf?.key !== keyOf(target)) {
      session.discard();
      return;
    }
    session.hold();
    shelf.analysts.push(session);
  }

  /** What a statement on this target came to: agents mostly return to the same tables, and the next sessions will have looked at those. */
  learn(target: Target, usual: Seeds): void {
    const shelf = this.shelves.get(target.id);
    if (shelf?.key === keyOf(target)) shelf.usual = usual;
  }

  private handOut(shelf: Shelf, session: Session): Session {
    shelf.out.add(session);
    if (session.timesSettled === 0) session.onEnd(() => shelf.out.delete(session));
    return session;
  }

  /** How many are ready for a target. */
  readyFor(targetId: string): number {
    return this.shelves.get(targetId)?.ready.length ?? 0;
  }

  close(): void {
    this.closed = true;
    clearInterval(this.sweeping);
    for (const id of [...this.shelves.keys()]) this.clear(id);
  }

  private shelfOf(target: Target): Shelf {
    const key = keyOf(target);
    const known = this.shelves.get(target.id);
    if (known !== undefined && known.key === key) {
      known.usedAt = performance.now();
      return known;
    }
    this.clear(target.id);
    const shelf: Shelf = {
      key,
      target,
      ready: [],
      analysts: [],
      opening: 0,
      usual: NO_SEEDS,
      out: new Set(),
      usedAt: performance.now(),
      filling: null,
    };
    this.shelves.set(target.id, shelf);
    return shelf;
  }

  private isCurrent(shelf: Shelf): boolean {
    return !this.closed && this.shelves.get(shelf.target.id) === shelf;
  }

  /** Not while what was taken is at work: opening sessions would slow down exactly what they are to make quick. */
  private fillSoon(shelf: Shelf, waits = MOST_WAITS): void {
    if (shelf.filling !== null) return;
    shelf.filling = setTimeout(() => {
      shelf.filling = null;
      if (shelf.out.size > 0 && shelf.ready.length > 0 && waits > 0) this.fillSoon(shelf, waits - 1);
      else this.fill(shelf);
    }, FILL_AFTER_MS);
    shelf.filling.unref();
  }

  private fill(shelf: Shelf): void {
    while (
      this.isCurrent(shelf) &&
      shelf.ready.length + shelf.opening < this.perTarget &&
      this.total() < this.atMost
    ) {
      shelf.opening += 1;
      void this.prepareOne(shelf);
    }
  }

  /** One that cannot be opened now is left: the next measurement opens its own and says what is wrong. */
  private async prepareOne(shelf: Shelf): Promise<void> {
    let session: Session | null = null;
    try {
      session = await Session.open(shelf.target, { timeoutMs: 10_000 });
      await warm(session, shelf.usual);
      // Others may have been taken back meanwhile.
      if (!this.isCurrent(shelf) || shelf.ready.length >= this.perTarget)
        throw new Error('there is no room for it');
      session.hold();
      shelf.ready.push(session);
    } catch {
      session?.destroy();
    } finally {
      shelf.opening -= 1;
    }
  }

  private total(): number {
    let total = 0;
    for (const { ready, analysts, opening } of this.shelves.values())
      total += ready.length + analysts.length + opening;
    return total;
  }

  private sweep(): void {
    for (const [id, { usedAt }] of this.shelves) {
      if (performance.now() - usedAt > this.idleMs) this.clear(id);
    }
  }

  private clear(targetId: string): void {
    const shelf = this.shelves.get(targetId);
    for (const session of [...(shelf?.ready ?? []), ...(shelf?.analysts ?? [])]) session.discard();
    this.shelves.delete(targetId);
  }
}

const keyOf = ({ connection, searchPath }: Place): string => JSON.stringify([connection, searchPath]);

/** Whether it still is what it was turns out with the first answers: `renewed`. */
function firstUsable(sessions: Session[]): Session | null {
  for (let session = sessions.shift(); session !== undefined; session = sessions.shift()) {
    if (session.isGone) continue;
    session.renew();
    return session;
  }
  return null;
}

/** Has the server plan what will be asked. Nothing is kept of the answers: what the catalog says is always read anew. */
async function warm(session: Session, usual: Seeds): Promise<void> {
  session.renew();
  await session.renewed;
  await session.generically(async () => {
    // A table that is being rebuilt is not waited for.
    session.ahead("SET LOCAL lock_timeout = '200ms'");
    await warmAnalysis(session);
    await warmCatalogQueries(session, usual);
    await warmSubjectPaths(session);
    await readCounted(session);
  });
}
