import { type ReactNode, useEffect, useRef } from 'react';

/** One step on a way: its heading gets the focus, so that it is what is read first. */
export function Step({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="panel space-y-4 p-5 sm:p-6">
      <h2 ref={heading} tabIndex={-1} className="font-semibold text-lg outline-none">
        {title}
      </h2>
      {children}
    </section>
  );
}
