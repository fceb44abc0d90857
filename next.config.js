/** @type {import('next').NextConfig} */
const config = {
  distDir: process.env.HOLDPOINT_DIST_DIR || '.next',
  reactStrictMode: true,
  poweredByHeader: false,
  // Native and WebAssembly packages load themselves from disk: bundling them breaks that.
  serverExternalPackages: [
    'pg',
    'libpg-query',
    '@node-rs/argon2',
    'pino',
    '@prisma/client',
    '@prisma/adapter-pg',
  ],
};

export default config;
