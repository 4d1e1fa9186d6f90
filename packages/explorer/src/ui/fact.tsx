import type { ReactNode } from 'react';

/** One line of a list of facts: stands in a `<dl>`. */
export function Fact({
  name,
  help,
  children,
}: {
  readonly name: string;
  /** What the name means, for those who point at it. */
  readonly help?: string;
  readonly children: ReactNode;
}) {
  return (
    <div className="grid gap-x-6 gap-y-0.5 border-line border-t py-2.5 text-sm first:border-t-0 sm:grid-cols-[11rem_minmax(0,1fr)]">
      <dt className="text-soft" title={help}>
        {name}
      </dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}
