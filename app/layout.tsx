import './globals.css';
import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from '@/components/shell/providers';

export const metadata: Metadata = {
  title: { default: 'Holdpoint', template: '%s · Holdpoint' },
  description: 'The hold point between AI agents and what they are about to do.',
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};

// The one file that every page needs, fetched with the page. Where it comes too late the page keeps the face it has: nothing moves under a reader.
// Other scripts than Latin are in other-scripts.css.
const first = localFont({
  src: '../node_modules/@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2',
  weight: '100 700',
  variable: '--font-first',
  display: 'optional',
});

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8f9fa' },
    { media: '(prefers-color-scheme: dark)', color: '#0d1014' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Made anew for each request by the server: scripts without it do not run, so no page is ever prerendered.
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    <html lang="en" className={first.variable} suppressHydrationWarning>
      <body>
        <Providers nonce={nonce}>{children}</Providers>
      </body>
    </html>
  );
}
