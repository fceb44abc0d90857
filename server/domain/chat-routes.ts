import { z } from 'zod';
import { LEVELS, type Level } from './vocabulary';

/** Which actions are told; what is left out does not matter. */
export const actionFilter = z.strictObject({
  levels: z.array(z.enum(LEVELS)).optional(),
  tools: z.array(z.string().min(1)).optional(),
  targets: z.array(z.string().min(1)).optional(),
  /** Reviewer groups the hold asks for. */
  groups: z.array(z.string().min(1)).optional(),
});
export type ActionFilter = z.infer<typeof actionFilter>;

/** Which held actions are told in one channel. */
export const chatRoute = actionFilter.extend({ channel: z.string().min(1).max(80) });
export type ChatRoute = z.infer<typeof chatRoute>;

export type RoutedAction = { level: Level; tool: string; target: string | null; groups: readonly string[] };

const fits = (wanted: readonly string[] | undefined, has: readonly string[]): boolean =>
  wanted === undefined || wanted.some((each) => has.includes(each));

/** Whether an action fits all that a filter names. */
export const fitsFilter = (filter: ActionFilter, action: RoutedAction): boolean =>
  fits(filter.levels, [action.level]) &&
  fits(filter.tools, [action.tool]) &&
  fits(filter.targets, action.target === null ? [] : [action.target]) &&
  fits(filter.groups, action.groups);

/** The channels an action is told in, each once. */
export function channelsFor(routes: readonly ChatRoute[], action: RoutedAction): string[] {
  return [...new Set(routes.filter((route) => fitsFilter(route, action)).map(({ channel }) => channel))];
}
