import type { Footprint } from './footprint';
import { type Classification, LEVELS, type Level } from './vocabulary';

/** The summary of a footprint that a person reads in ten seconds. Numbers are null when unknown, never zero by default. */
export type BlastRadius = {
  level: Level;
  /** Rows the statement touches itself, and rows reached through cascades, triggers and rules. */
  rowsRead: number | null;
  rowsChanged: number | null;
  rowsDeleted: number | null;
  rowsReachedIndirectly: number | null;
  /** Distinct data subjects. */
  people: number | null;
  classes: Classification[];
  /** People who would see data because of the action; null when not resolvable, 0 when nobody new. */
  audience: number | null;
  reversible: boolean;
  unknowns: number;
  /** Why the level is what it is, most serious first; plain words. */
  because: string[];
};

export const levelRank = (level: Level): number => LEVELS.indexOf(level);
export const maxLevel = (a: Level, b: Level): Level => (levelRank(a) >= levelRank(b) ? a : b);

export type { Footprint };
