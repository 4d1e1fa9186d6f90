import type { ReactNode } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Pill } from '../../../ui/pill.tsx';
import { shorten } from '../../../words/shorten.ts';
import type { NamedKey } from './name-keys.ts';

/** A key by whose it is, as far as the wallet knows. */
export function KeyLine({
  named: { name, hex, isOwn },
  children,
}: {
  readonly named: NamedKey;
  /** What is said of it beside. */
  readonly children?: ReactNode;
}) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      {name !== undefined && <span className="font-medium">{name}</span>}
      <span title={hex} className="font-mono text-soft text-xs">
        {shorten(hex)}
      </span>
      <CopyButton text={hex} what={`the public key${name === undefined ? '' : ` of ${name}`}`} />
      {isOwn && <Pill tone="accent">yours</Pill>}
      {children}
    </span>
  );
}
