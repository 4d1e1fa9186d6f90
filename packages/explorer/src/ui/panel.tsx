import type { ReactNode } from 'react';
import { useId } from 'react';

/** A part of a page with its heading. */
export function Panel({
  title,
  aside,
  children,
  isFlush = false,
}: {
  readonly title: string;
  /** What stands beside the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  /** Lets the content, such as a table, reach the border. */
  readonly isFlush?: boolean;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel min-w-0">
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 pt-3.5 pb-2.5 sm:px-5">
        <h2 id={id} className="text-sm font-semibold">
          {title}
        </h2>
        {aside !== undefined && <div className="text-sm text-soft">{aside}</div>}
      </header>
      <div className={isFlush ? '' : 'px-4 pb-4 sm:px-5'}>{children}</div>
    </section>
  );
}
