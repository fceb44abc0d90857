import { defineConfig } from 'prisma/config';

// Prisma's CLI reads this; the running product never does. The URL is only needed by commands that connect.
export default defineConfig({
  schema: 'prisma/models',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://unset' },
});
