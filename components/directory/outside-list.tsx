'use client';
import { DirectoryList } from './directory-list';
import { useOutside } from './use-directory-pages';

/** Addresses outside that groups and forwarding lead to. */
export function OutsideList({ q }: { q: string }) {
  const list = useOutside(q);
  return (
    <DirectoryList
      list={list}
      q={q}
      label="outside addresses"
      empty="No group here leads to an address outside."
      keyOf={(item) => item.address}
    >
      {(item) => (
        <div className="[overflow-wrap:anywhere]">
          <p className="font-medium text-base">{item.address}</p>
          <p className="text-soft text-sm">through {item.groups.join(', ')}</p>
        </div>
      )}
    </DirectoryList>
  );
}
