import { toHex } from '@calin/core/base/bytes.ts';
import type { ReactNode } from 'react';
import { Icon } from '../../../ui/icon.tsx';
import { shorten } from '../../../words/shorten.ts';
import type { JudgedHeader } from './linked-headers.ts';

/** Blocks beside each other, with what holds them together or does not. */
export function LinkedCards({
  blocks,
  tools,
}: {
  readonly blocks: readonly JudgedHeader[];
  /** What can be done with a block, by its height. */
  readonly tools?: (height: number) => ReactNode;
}) {
  return (
    <ol aria-label="Blocks" className="flex min-h-36 flex-col gap-2 sm:flex-row sm:items-stretch">
      {blocks.map((block) => (
        <li
          key={block.header.height}
          className="flex min-w-0 flex-1 flex-col items-center gap-2 sm:flex-row sm:items-stretch"
        >
          <Link block={block} />
          <Card block={block}>{tools?.(block.header.height)}</Card>
        </li>
      ))}
    </ol>
  );
}

function Link({ block: { isLinked, header } }: { readonly block: JudgedHeader }) {
  if (header.height === 1) return null;
  return (
    <span className={`self-center rotate-90 sm:rotate-0 ${isLinked ? 'text-good' : 'text-bad'}`}>
      <Icon
        name={isLinked ? 'back' : 'cross'}
        label={isLinked ? 'names the block before' : 'names no block that is here'}
      />
    </span>
  );
}

function Card({ block, children }: { readonly block: JudgedHeader; readonly children: ReactNode }) {
  const { header, id } = block;
  const { tone, words, rule } = judge(block);
  return (
    <div
      className={`w-full min-w-0 flex-1 space-y-1.5 rounded-lg border bg-surface p-3 text-xs ${BORDERS[tone]}`}
    >
      <p className="font-semibold text-sm">Block {header.height}</p>
      <p>
        <span className="text-soft">after </span>
        <code className="font-mono">{shorten(toHex(header.parent))}</code>
      </p>
      <p>
        <span className="text-soft">is </span>
        <code className="font-mono">{shorten(id)}</code>
      </p>
      <p className="text-soft">{new Date(header.timeMs).toISOString().slice(11, 19)}</p>
      <p className={`min-h-8 break-words ${TEXTS[tone]}`}>
        {words} <code className="font-mono">{rule}</code>
      </p>
      {children}
    </div>
  );
}

const BORDERS = { good: 'border-line', warn: 'border-warn', bad: 'border-bad' } as const;
const TEXTS = { good: 'text-good', warn: 'text-warn', bad: 'text-bad' } as const;

/** What there is to say of a block in a few words. */
function judge({ isLinked, isGrounded, verdict }: JudgedHeader) {
  const rule = verdict.ok ? '' : verdict.error.rule;
  if (!isLinked) return { tone: 'bad', words: 'Names a block that is not there.', rule } as const;
  if (!verdict.ok) return { tone: 'bad', words: '', rule } as const;
  if (!isGrounded) return { tone: 'warn', words: 'Follows a block that does not hold.', rule } as const;
  return { tone: 'good', words: 'Holds', rule } as const;
}
