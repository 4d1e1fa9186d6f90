import type { ReactNode } from 'react';

/** What stands in a panel in place of a table that would have no rows. */
export function EmptyRow({ children }: { readonly children: ReactNode }) {
  return <p className="px-4 pb-4 text-sm text-soft sm:px-5">{children}</p>;
}
