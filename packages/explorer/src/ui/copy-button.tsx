import { useEffect, useState } from 'react';
import { Icon } from './icon.tsx';

const SHOWN_MS = 1500;

/** Copies a text. Pages that came over plain HTTP from another machine have no clipboard: there it is not shown. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  if (navigator.clipboard === undefined) return null;
  const copy = () => void navigator.clipboard.writeText(text).then(() => setIsCopied(true));
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={isCopied ? 'Copied' : `Copy ${what}`}
      title={`Copy ${what}`}
      className="inline-flex size-6 cursor-pointer items-center justify-center rounded align-middle text-soft hover:text-accent"
    >
      <Icon name={isCopied ? 'check' : 'copy'} className="size-3.5" />
    </button>
  );
}
