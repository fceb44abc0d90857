import { defineConfig } from 'vitest/config';

const alias = { '@': import.meta.dirname };
const exclude = ['**/node_modules/**', '.next/**', 'e2e/**', 'server/store/generated/**'];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...exclude, '**/*.db.test.ts'],
          // Properties try hundreds of cases; only a test that hangs should run into this.
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'db',
          include: ['**/*.db.test.ts'],
          exclude,
          globalSetup: ['server/testing/postgres-for-tests.ts'],
          // Real servers do real work: a bound for tests that hang, never a measure of speed.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
