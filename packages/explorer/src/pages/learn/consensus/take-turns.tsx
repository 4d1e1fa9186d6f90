import type { Result } from '@calin/core/base/result.ts';
import { useState } from 'react';
import type { Activity } from '../activity.ts';
import { PRACTICE_BLOCKS_MAX } from '../practice/practice-node.ts';
import { useWorld } from '../use-world.ts';
import { Verdict } from '../verdict.tsx';
import { AUTHORITIES, Turns } from './turns.ts';

/** Slots that are drawn. */
const DRAWN = 9;

/** Blocks of three authorities, each in its slots. */
export const TakeTurns: Activity = ({ done }) => {
  const { world, changed } = useWorld(() => new Turns());
  const [made, setMade] = useState<ReadonlyMap<number, string>>(new Map());
  const [wasRefused, setWasRefused] = useState(false);
  const [last, setLast] = useState<Result<unknown>>();
  const attempt = (key: (typeof AUTHORITIES)[number]) => {
    const result = world.attempt(key);
    const all = result.ok ? new Map([...made, [world.slot, key.name]]) : made;
    setMade(all);
    setLast(result);
    setWasRefused(wasRefused || !result.ok);
    if (all.size > 0 && (wasRefused || !result.ok)) done();
  };
  const wait = () => {
    world.wait();
    setLast(undefined);
    changed();
  };
  return (
    <>
      <Slots now={world.slot} made={made} />
      <div className="flex flex-wrap gap-2">
        {AUTHORITIES.map((key) => (
          <button key={key.name} type="button" className="button" onClick={() => attempt(key)}>
            {key.name} makes a block
          </button>
        ))}
        <button type="button" className="button" disabled={world.slot >= PRACTICE_BLOCKS_MAX} onClick={wait}>
          Wait for the next slot
        </button>
      </div>
      <p className="text-sm text-soft">
        It is slot {world.slot}
        {world.owner === undefined
          ? ', which has its block.'
          : `, and it is the turn of ${world.owner.name}.`}
      </p>
      <Verdict result={last} good={`Block ${world.node.chain.head.height} follows.`} />
    </>
  );
};

function Slots({ now, made }: { readonly now: number; readonly made: ReadonlyMap<number, string> }) {
  const first = Math.max(1, now - DRAWN + 3);
  return (
    <ol aria-label="Slots" className="flex gap-1 text-center text-xs">
      {Array.from({ length: DRAWN }, (_, i) => first + i).map((slot) => (
        <li key={slot} className="min-w-0 flex-1 space-y-1">
          <span
            className={`grid h-12 place-items-center rounded-lg border font-semibold ${styleOf(made.has(slot), slot === now)}`}
          >
            {made.get(slot) ?? ''}
          </span>
          <span className={slot === now ? 'font-semibold text-accent' : 'text-soft'}>
            {slot}
            {slot === now && <span className="sr-only">, now</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function styleOf(hasBlock: boolean, isNow: boolean): string {
  if (hasBlock) return 'border-accent bg-accent-soft text-accent';
  return isNow ? 'border-accent bg-surface' : 'border-line border-dashed';
}
