import { z } from 'zod';
import { LEVELS, type Level } from './vocabulary';

/** Which held actions are told in one channel; what is left out does not matter. */
export const chatRoute = z.strictObject({
  channel: z.string().min(1).max(80),
  levels: z.array(z.enum(LEVELS)).optional(),
  tools: z.array(z.string().min(1)).optional(),
  targets: z.array(z.string().min(1)).optional(),
  /** Reviewer groups the hold asks for. */
  groups: z.array(z.string().min(1)).optional(),
});
export type ChatRoute = z.infer<typeof chatRoute>;

export type RoutedAction = { level: Level; tool: string; target: string | null; groups: readonly string[] };

const fits = (wanted: readonly string[] | undefined, has: readonly string[]): boolean =>
  wanted === undefined || wanted.some((each) => has.includes(each));

/** The channels an action is told in, each once. */
export function channelsFor(routes: readonly ChatRoute[], action: RoutedAction): string[] {
  const told = routes.filter(
    (route) =>
      fits(route.levels, [action.level]) &&
      fits(route.tools, [action.tool]) &&
      fits(route.targets, action.target === null ? [] : [action.target]) &&
      fits(route.groups, action.groups),
  );
  return [...new Set(told.map(({ channel }) => channel))];
}
