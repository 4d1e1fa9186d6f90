import type { ReactNode } from 'react';

/** A number that matters, with its name above and what it means below. */
export function Figure({
  name,
  children,
  note,
}: {
  readonly name: string;
  readonly children: ReactNode;
  readonly note?: ReactNode;
}) {
  return (
    <div className="panel min-w-0 px-4 py-3">
      <div className="caption">{name}</div>
      <div className="mt-1 truncate font-semibold text-lg leading-7 sm:text-xl">{children}</div>
      <div className="caption min-h-4 truncate">{note}</div>
    </div>
  );
}
