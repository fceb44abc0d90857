'use client';
import NextLink from 'next/link';
import { type ComponentProps, useState } from 'react';

/**
 * A link to a page of the product. The page is fetched ahead once somebody points at the link or reaches it, not for everybody who sees it; with
 * `prefetch={false}`, in long lists, not even then.
 */
export function Link({
  prefetch,
  ...props
}: Omit<ComponentProps<typeof NextLink>, 'prefetch'> & { prefetch?: false }) {
  const [reached, setReached] = useState(false);
  return (
    <NextLink
      {...props}
      prefetch={reached ? null : false}
      onPointerEnter={(event) => {
        props.onPointerEnter?.(event);
        if (prefetch !== false) setReached(true);
      }}
      onFocus={(event) => {
        props.onFocus?.(event);
        if (prefetch !== false) setReached(true);
      }}
    />
  );
}
