'use client';
import Link from 'next/link';
import { type ComponentProps, useState } from 'react';

/** A link of the navigation: its page is fetched ahead once somebody points at it or reaches it, not for everybody who sees it. */
export function NavLink(props: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  const [reached, setReached] = useState(false);
  const reach = () => setReached(true);
  return <Link {...props} prefetch={reached ? null : false} onPointerEnter={reach} onFocus={reach} />;
}
