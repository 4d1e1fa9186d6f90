import type { ReactNode } from 'react';
import { useEffect } from 'react';

/** A page: its heading, and a title that tells it from other tabs. */
export function Page({
  title,
  tab = title,
  above,
  isHeadingHidden = false,
  children,
}: {
  readonly title: ReactNode;
  /** The title of the tab; the heading, if that is a text. */
  readonly tab?: ReactNode;
  /** What stands beside the heading. */
  readonly above?: ReactNode;
  /** Leaves the heading to those who hear the page, where what it shows says it at once. */
  readonly isHeadingHidden?: boolean;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    document.title = typeof tab === 'string' ? `${tab} · Calin` : 'Calin';
  }, [tab]);
  return (
    <div className="space-y-4 sm:space-y-5">
      {isHeadingHidden ? (
        <h1 className="sr-only">{title}</h1>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h1 className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold text-xl sm:text-2xl">
            {title}
          </h1>
          {above}
        </div>
      )}
      {children}
    </div>
  );
}
