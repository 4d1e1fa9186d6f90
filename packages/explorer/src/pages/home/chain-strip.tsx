import { useLayoutEffect, useRef } from 'react';
import { BlockCard } from './block-card.tsx';
import { NextBlockCard } from './next-block-card.tsx';
import { BLOCKS_SHOWN, useChainNow } from './use-chain-now.ts';

const PLACES = Array.from({ length: BLOCKS_SHOWN }, (_, place) => `place ${place}`);

/** The chain from its newest end: the block that is forming, then those that are there. New ones slide in. */
export function ChainStrip() {
  const { status, blocks, pool, blockGasMax } = useChainNow();
  const track = useRef<HTMLOListElement>(null);
  useSlide(track, blocks?.[0]?.header.height);
  const finalHeight = status?.final.height ?? -1;
  return (
    <section
      aria-label="Newest blocks"
      className="-mx-4 flex gap-3 overflow-x-auto px-4 py-2 [scrollbar-width:thin] sm:-mx-6 sm:px-6"
    >
      <NextBlockCard pool={pool} height={status?.head.height} blockGasMax={blockGasMax} />
      <div aria-hidden className="w-px shrink-0 self-stretch border-line border-l border-dashed" />
      <ol ref={track} className="flex gap-3">
        {blocks === undefined
          ? PLACES.map((place) => <li key={place} className="panel h-36 w-32 shrink-0 bg-sunken" />)
          : blocks.map((block) => (
              <li key={block.header.id}>
                <BlockCard
                  block={block}
                  isFinal={block.header.height <= finalHeight}
                  blockGasMax={blockGasMax}
                />
              </li>
            ))}
      </ol>
    </section>
  );
}

/** Width of a card and the space between two, in rem. */
const STEP_REM = 8.75;

/** Lets the row come in from where it was before the newest block was there. */
function useSlide(track: { readonly current: HTMLElement | null }, height: number | undefined): void {
  const last = useRef<number>(undefined);
  useLayoutEffect(() => {
    const before = last.current;
    last.current = height;
    if (before === undefined || height === undefined || height <= before) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const from = `translateX(-${Math.min(height - before, 3) * STEP_REM}rem)`;
    track.current?.animate([{ transform: from }, { transform: 'none' }], {
      duration: 650,
      easing: 'cubic-bezier(0.2, 0.8, 0.2, 1)',
    });
  }, [height, track]);
}
