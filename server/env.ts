import { z } from 'zod';
import { readBusinessHours } from './domain/business-calendar';

const schema = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  DATABASE_URL: z.string().min(1),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Where people reach Holdpoint; links in messages start with it. */
  HOLDPOINT_URL: z.url().optional(),
  /** 32 random bytes, base64: sealing keys, cookie signing and the release key are derived from it. */
  HOLDPOINT_SECRET: z
    .string()
    .refine((v) => Buffer.from(v, 'base64').length >= 32, 'must be at least 32 bytes in base64'),
  /** One entry per OIDC provider: HOLDPOINT_OIDC='[{"id":"okta","name":"Okta","issuer":"…","clientId":"…","clientSecret":"…"}]'. */
  HOLDPOINT_OIDC: z.string().optional(),
  /** Calls one agent may make per second (and at once) before it is told to slow down. */
  HOLDPOINT_AGENT_CALLS_PER_SECOND: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  /** How many proxies stand in front, each adding to X-Forwarded-For; 0 means clients connect directly and the header is ignored. */
  HOLDPOINT_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  /** When somebody would notice: `Mon-Fri 08:00-18:00 Europe/Berlin`. Policies about business hours apply only with it. */
  HOLDPOINT_BUSINESS_HOURS: z
    .string()
    .transform(readBusinessHours)
    .refine((hours) => hours !== null, 'must be written like "Mon-Fri 08:00-18:00 Europe/Berlin"')
    .optional(),
  HOLDPOINT_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  /** One entry per workspace that tells its held actions in Slack: docs/SLACK.md. */
  HOLDPOINT_SLACK: z.string().optional(),
  /** One entry per service that is told by HTTP, signed, or per channel of Microsoft Teams: docs/WEBHOOKS.md. */
  HOLDPOINT_WEBHOOKS: z.string().optional(),
  /** SMTP URL for notices by mail; without it nothing is mailed. */
  SMTP_URL: z.string().optional(),
  MAIL_FROM: z.string().default('Holdpoint <holdpoint@localhost>'),
});

export type Env = z.infer<typeof schema>;

/** Reads the environment once. Throws one readable sentence that names every variable that is wrong. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const parsed = schema.safeParse(source);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((i) => `${i.path.join('.')} ${i.message}`).join('; ');
  throw new Error(`The environment is incomplete: ${faults}. \`npm start\` sets all of it for you.`);
}

/** Tells next-auth, which knows only this variable, where it is reached. Called once, before Next is loaded. */
export function publishAuthUrl(url: string): void {
  process.env.NEXTAUTH_URL = url;
}
