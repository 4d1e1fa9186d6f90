import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { ChainUpdate } from '@calin/core/chain/chain-update.ts';
import type { Block } from '@calin/core/primitives/block.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { useState } from 'react';
import { formatCount } from '../../../words/format-units.ts';
import type { Activity } from '../activity.ts';
import { practiceKey } from '../practice/practice-key.ts';
import { PracticeNode } from '../practice/practice-node.ts';
import { workSpec } from '../practice/practice-spec.ts';
import { useWorld } from '../use-world.ts';
import { Verdict } from '../verdict.tsx';
import { LinkedCards } from './linked-cards.tsx';
import { delayHeader, judgeHeaders, redoHeader, rejoin } from './linked-headers.ts';

const MINER = practiceKey('miner');
const FORGER = practiceKey('forger');
const BLOCKS = 3;

/** A node and its first blocks, the genesis block included. */
interface Start {
  readonly node: PracticeNode;
  readonly blocks: readonly Block[];
}

function start(count: number): Start {
  const node = new PracticeNode(workSpec());
  const made = Array.from({ length: count }, () => node.mine(MINER).block);
  return { node, blocks: [node.chain.genesis, ...made] };
}

const headersOf = (blocks: readonly Block[]): readonly Header[] => blocks.map(({ header }) => header);

/** Makes blocks, one after the other. */
export const GrowChain: Activity = ({ done }) => {
  const { world: node, changed } = useWorld(() => new PracticeNode(workSpec()));
  const [hashes, setHashes] = useState(0);
  const mine = () => {
    const { attempts } = node.mine(MINER);
    setHashes(hashes + attempts);
    changed();
    if (node.chain.head.height >= BLOCKS) done();
  };
  const headers = headersOf([node.chain.genesis, ...node.blocks()]);
  return (
    <>
      <LinkedCards blocks={judgeHeaders(node, headers)} />
      <button type="button" className="button" disabled={node.chain.head.height >= BLOCKS} onClick={mine}>
        Make a block
      </button>
      <p role="status" className="min-h-5 text-sm text-soft">
        {hashes > 0 &&
          `${formatCount(hashes)} hashes of work in ${node.chain.head.height} of ${BLOCKS} blocks`}
      </p>
    </>
  );
};

/** Changes the time of block 1. */
export const BreakChain: Activity = ({ done }) => {
  const { world, restart } = useWorld(() => start(BLOCKS));
  const [delays, setDelays] = useState(0);
  let headers = headersOf(world.blocks);
  for (let i = 0; i < delays; i++) headers = delayHeader(headers, 1);
  const delay = () => {
    setDelays(delays + 1);
    done();
  };
  return (
    <>
      <LinkedCards blocks={judgeHeaders(world.node, headers)} />
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" disabled={delays > 5} onClick={delay}>
          Block 1 a second later
        </button>
        <button
          type="button"
          className="button"
          onClick={() => {
            setDelays(0);
            restart();
          }}
        >
          As it was
        </button>
      </div>
    </>
  );
};

/** Seals the blocks after a change anew. */
export const RedoWork: Activity = ({ done }) => {
  const { world } = useWorld(() => start(BLOCKS));
  const [headers, setHeaders] = useState(() => delayHeader(headersOf(world.blocks), 1));
  const [hashes, setHashes] = useState(0);
  const judged = judgeHeaders(world.node, headers);
  const redo = (height: number) => {
    const redone = redoHeader(world.node, headers, height, FORGER);
    setHeaders(redone.headers);
    setHashes(hashes + redone.attempts);
    if (judgeHeaders(world.node, redone.headers).every(({ isLinked, verdict }) => isLinked && verdict.ok))
      done();
  };
  return (
    <>
      <LinkedCards
        blocks={judged}
        tools={(height) => (
          <button type="button" className="button w-full" onClick={() => redo(height)}>
            Redo block {height}
          </button>
        )}
      />
      <p role="status" className="min-h-5 text-sm text-soft">
        {hashes > 0 && `${formatCount(hashes)} hashes tried`}
      </p>
    </>
  );
};

/** The blocks of a forger, who has redone all the work, and who goes on in secret. */
interface Forgery extends Start {
  /** Where the forger makes more blocks. */
  readonly secret: PracticeNode;
}

function forge(): Forgery {
  const { node, blocks } = start(BLOCKS);
  let headers = delayHeader(headersOf(blocks), 1);
  for (let height = 1; height <= BLOCKS; height++)
    headers = redoHeader(node, headers, height, FORGER).headers;
  const secret = new PracticeNode(node.spec);
  for (const block of rejoin(headers, blocks).slice(1)) assert(secret.take(block).ok, 'a forged block holds');
  return { node, blocks, secret };
}

/** Offers a forged branch to the node. */
export const OfferBranch: Activity = ({ done }) => {
  const { world, changed } = useWorld(forge);
  const [taken, setTaken] = useState<Result<ChainUpdate>>();
  const { node, secret } = world;
  const offer = () => {
    const updates = secret.blocks().map((block) => node.take(block));
    const best = updates.find((update) => !update.ok || update.value.kind === 'head') ?? updates.at(-1);
    setTaken(best);
    changed();
    if (best?.ok === true && best.value.removed.length > 0) done();
  };
  const more = () => {
    secret.mine(FORGER);
    changed();
  };
  const [ours, theirs] = [node.chain.head.height, secret.chain.head.height];
  const isMoved = taken?.ok === true && taken.value.removed.length > 0;
  return (
    <>
      <p className="text-sm">
        The node has {ours} blocks on its best branch, and yours has {theirs}.
      </p>
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" onClick={offer}>
          Give the node your branch
        </button>
        <button type="button" className="button" disabled={theirs >= BLOCKS + 2} onClick={more}>
          Find one more block on your branch
        </button>
      </div>
      <Verdict
        result={taken}
        good={
          isMoved
            ? `The node took back ${taken.value.removed.length} blocks and follows your branch: it has more work.`
            : 'The node keeps your blocks beside its own, and stays where it is: there is not more work in them.'
        }
      />
    </>
  );
};
