import { toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import { refuseData } from '@calin/core/chain/rules.ts';
import type { LineLimits } from './limits.ts';

/** One block as the line protocol gives it. */
export interface LineBlock {
  readonly height: number;
  /** In hexadecimal, as `parent` and `bytes`. */
  readonly id: string;
  readonly parent: string;
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** The whole encoded block. */
  readonly bytes: string;
}

/** A piece of the blockchain as the line protocol gives it. */
export interface LineBlockchain {
  readonly chainId: string;
  /** Height of the head. */
  readonly height: number;
  readonly head: string;
  /** Height from which to ask for what comes after these blocks. */
  readonly next: number;
  /** The lowest first. */
  readonly blocks: readonly LineBlock[];
}

/**
 * Blocks of the best branch as one line of JSON ({@link LineBlockchain}): from a height upwards, or the last ones, as
 * many as one answer holds and at least one. Blocks that a pruned node has let go of are not among the last ones.
 *
 * @param from - the lowest height, which may be above the head: then there are none
 * @returns refuses by `data/…`
 */
export function readBlockchain(
  chain: Chain,
  from: number | undefined,
  limits: Pick<LineLimits, 'answerBytesMax' | 'blocksMax'>,
): Result<string> {
  const { head } = chain;
  const blocks: LineBlock[] = [];
  const step = from === undefined ? -1 : 1;
  let characters = 0;
  for (let height = from ?? head.height; height >= 0 && height <= head.height; height += step) {
    const block = readLineBlock(chain, height);
    if (!block.ok && from === undefined && blocks.length > 0) break;
    if (!block.ok) return block;
    characters += block.value.bytes.length;
    const isFull = blocks.length >= limits.blocksMax || characters > limits.answerBytesMax;
    if (blocks.length > 0 && isFull) break;
    blocks.push(block.value);
  }
  if (from === undefined) blocks.reverse();
  const last = blocks.at(-1);
  const blockchain: LineBlockchain = {
    chainId: toHex(chain.chainId),
    height: head.height,
    head: toHex(head.id),
    next: last === undefined ? (from ?? 0) : last.height + 1,
    blocks,
  };
  return ok(JSON.stringify(blockchain));
}

function readLineBlock(chain: Chain, height: number): Result<LineBlock> {
  const id = chain.idAt(height);
  if (id === undefined) return refuseData('data/missing-block', { height });
  const bytes = chain.blockBytes(id);
  if (!bytes.ok) return bytes;
  const header = chain.header(id);
  if (!header.ok) return header;
  const { parent, timeMs } = header.value;
  return ok({ height, id: toHex(id), parent: toHex(parent), timeMs, bytes: toHex(bytes.value) });
}
