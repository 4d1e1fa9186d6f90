const LINES = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** Holds the place of what is being read, so that nothing jumps when it comes. */
export function Loading({ lines = 6 }: { readonly lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className="animate-breathe space-y-3 py-2">
      {LINES.slice(0, lines).map((line) => (
        <div key={line} className="h-5 rounded bg-sunken" />
      ))}
    </div>
  );
}
