'use client';
import { usePathname } from 'next/navigation';
import { useEffect } from 'react';

const COUNTED = /^\(\d+\+?\) /;

/** The number of holds that need this person, in front of the browser tab's title, whatever page is open. */
export function TitleCount({ needsMe }: { needsMe: string | null }) {
  const pathname = usePathname();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page sets another title
  useEffect(() => {
    const apply = () => {
      const plain = document.title.replace(COUNTED, '');
      const wanted = needsMe ? `(${needsMe}) ${plain}` : plain;
      if (document.title !== wanted) document.title = wanted;
    };
    apply();
    const watch = new MutationObserver(apply);
    watch.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => watch.disconnect();
  }, [needsMe, pathname]);
  return null;
}
