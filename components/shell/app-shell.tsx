'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { useMe } from '@/components/api/me';
import { useTRPC } from '@/components/api/trpc';
import { useFirst } from '@/components/api/use-first';
import { GlassBanner } from '@/components/glass/glass-banner';
import { HaltBanner } from '@/components/halts/halt-banner';
import type { HaltSubject } from '@/components/halts/halt-subject';
import { useHalts } from '@/components/halts/use-halts';
import { useHotkeys } from '@/components/ui/use-hotkeys';
import type { BrokenGlassView, HaltView, InboxCounts } from '@/server/domain/views';
import { BottomNav } from './bottom-nav';
import { CommandPalette } from './command-palette';
import { type Shell, ShellProvider } from './shell-context';
import { SideNav } from './side-nav';
import { TitleCount } from './title-count';
import { TopBar } from './top-bar';
import { useGoKeys } from './use-go-keys';
import { useHaltSubjects } from './use-halt-subjects';
import { usePaletteKey } from './use-palette-key';

// What lies over a page is no part of what it loads first, but for the palette: the key after the one that opens it is for it already.
const LAYERS = {
  shortcuts: () => import('./shortcuts-dialog').then((module) => module.ShortcutsDialog),
  halt: () => import('@/components/halts/halt-control').then((module) => module.HaltControl),
};
const ShortcutsDialog = dynamic(LAYERS.shortcuts, { ssr: false });
const HaltControl = dynamic(LAYERS.halt, { ssr: false });
const FETCH_MS = 4_000;

/** Fetches the layers soon after the page, so that the first key is not kept waiting. */
function useFetchedLayers(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      for (const fetchLayer of Object.values(LAYERS)) void fetchLayer().catch(() => undefined);
    }, FETCH_MS);
    return () => clearTimeout(timer);
  }, []);
}

type Layer =
  | { kind: 'palette' }
  | { kind: 'shortcuts' }
  | { kind: 'halt'; subject?: HaltSubject | undefined };

/** What came with the page, so that nothing is pushed down when it is known; undefined where it could not be read. */
type First = {
  counts: InboxCounts | undefined;
  halts: HaltView[] | undefined;
  glass: BrokenGlassView[] | undefined;
};

function useNeedsMe(first: InboxCounts | undefined): string | null {
  const asked = useTRPC().review.counts.queryOptions();
  const { data } = useQuery({ ...asked, ...useFirst(first) });
  if (!data || data.needsMe === 0) return null;
  return data.needsMe >= data.cap ? `${data.cap - 1}+` : String(data.needsMe);
}

/** What surrounds every signed-in page: navigation, the halt, the palette, the banner while something is halted. */
export function AppShell({ first, children }: { first: First; children: ReactNode }) {
  const me = useMe();
  const halts = useHalts(first.halts);
  const needsMe = useNeedsMe(first.counts);
  const [layer, setLayer] = useState<Layer | null>(null);
  const subjects = useHaltSubjects(layer?.kind === 'palette' || layer?.kind === 'halt');
  const close = () => setLayer(null);
  const shell = useMemo<Shell>(
    () => ({
      openPalette: () => setLayer({ kind: 'palette' }),
      openShortcuts: () => setLayer({ kind: 'shortcuts' }),
      openHalt: (subject) => setLayer({ kind: 'halt', subject }),
    }),
    [],
  );
  useFetchedLayers();
  usePaletteKey(shell.openPalette);
  useGoKeys();
  useHotkeys({ '?': shell.openShortcuts });
  return (
    <ShellProvider value={shell}>
      <a
        href="#main"
        className="fixed top-2 left-2 z-[70] -translate-y-20 rounded-md bg-ink px-3 py-2 text-page focus:translate-y-0"
      >
        Skip to the page
      </a>
      <TitleCount needsMe={needsMe} />
      <div className="flex min-h-dvh">
        <SideNav workspace={me.workspace.name} needsMe={needsMe} />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar />
          <HaltBanner halts={halts} />
          <GlassBanner first={first.glass} />
          <main id="main" tabIndex={-1} className="min-w-0 flex-1 px-4 py-5 outline-none sm:px-6 sm:py-7">
            {children}
          </main>
          <BottomNav needsMe={needsMe} />
        </div>
      </div>
      {layer?.kind === 'palette' ? (
        <CommandPalette
          open
          onOpenChange={close}
          subjects={subjects}
          onHalt={shell.openHalt}
          onShortcuts={shell.openShortcuts}
        />
      ) : null}
      {layer?.kind === 'shortcuts' ? <ShortcutsDialog open onOpenChange={close} /> : null}
      {layer?.kind === 'halt' ? (
        <HaltControl subjects={subjects} chosen={layer.subject} onClose={close} />
      ) : null}
    </ShellProvider>
  );
}
