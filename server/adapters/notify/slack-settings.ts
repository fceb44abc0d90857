import { z } from 'zod';
import { chatRoute } from '@/server/domain/chat-routes';
import { readSettings } from './read-settings';

const settings = z.strictObject({
  /** The workspace of Holdpoint, by name, whose actions are told. */
  workspace: z.string().min(1),
  botToken: z.string().regex(/^xox[a-z]-/, 'must be the bot token, which begins with xoxb-'),
  signingSecret: z.string().min(16, 'must be the signing secret from the app’s basic information'),
  routes: z.array(chatRoute).min(1, 'must name a channel, or nothing is ever told'),
  /** Slack’s Web API, where it is another one (GovSlack). */
  apiUrl: z.url().optional(),
});
const all = z
  .array(settings)
  .refine((list) => new Set(list.map((s) => s.workspace)).size === list.length, 'each workspace stands once');

/** How one workspace is connected to Slack. */
export type SlackSettings = z.infer<typeof settings>;

/** Reads HOLDPOINT_SLACK. Throws one readable sentence; never quotes the value, which holds secrets. */
export const readSlackSettings = (json: string | undefined): SlackSettings[] =>
  readSettings('HOLDPOINT_SLACK', all, json);
