/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` checks types, once, for everything; doing it again here would only make the first start slower.
  typescript: { ignoreBuildErrors: true },
  // WebAssembly and native parts cannot be bundled; pages only ever reach them through the main process anyway.
  serverExternalPackages: [
    '@cedar-policy/cedar-wasm',
    '@node-rs/argon2',
    '@prisma/client',
    '@prisma/adapter-pg',
    'libpg-query',
    'pg',
    'pino',
  ],
  // People open either name of their own machine.
  allowedDevOrigins: ['localhost', '127.0.0.1'],
};
