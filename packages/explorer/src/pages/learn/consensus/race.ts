import { assert } from '@calin/core/base/assert.ts';
import { parseCompact } from '@calin/core/consensus/pow/compact-target.ts';
import { searchNonce } from '@calin/core/consensus/pow/search-nonce.ts';
import { encodeWorkSeal } from '@calin/core/consensus/pow/work.ts';
import { createBlock } from '@calin/core/primitives/block.ts';
import { type PracticeKey, practiceKey } from '../practice/practice-key.ts';
import { PracticeNode } from '../practice/practice-node.ts';
import { workSpec } from '../practice/practice-spec.ts';

/** Two miners of one chain. */
export const MINERS: readonly PracticeKey[] = ['A', 'B'].map(practiceKey);

/** Hashes that both miners together try in a stretch, each its share. */
const STRETCH_HASHES = 200;
/** Far more stretches than a block takes. */
const STRETCHES_MAX = 10_000;

/** Which of two miners found a block, and after how many hashes of both. */
export interface Found {
  readonly miner: number;
  /** Of the block. */
  readonly height: number;
  readonly attempts: number;
}

/** Two miners who look for the next block of one chain at the same time, each in a block of its own. */
export class Race {
  readonly node = new PracticeNode(workSpec());
  #nonce: number;

  /** @param firstNonce - where the searches begin: the luck of this race */
  constructor(firstNonce: number) {
    this.#nonce = firstNonce;
  }

  /**
   * Looks for the next block until one of them has it.
   *
   * @param tenths - the share of the first miner in all hashes, from 1 to 9
   */
  next(tenths: number): Found {
    const jobs = MINERS.map((key, miner) => this.#job(key, miner === 0 ? tenths : 10 - tenths));
    let attempts = 0;
    for (let stretch = 0; stretch < STRETCHES_MAX; stretch++) {
      // Who is asked first in a stretch changes, so that a tie helps nobody.
      for (const miner of stretch % 2 === 0 ? [0, 1] : [1, 0]) {
        const tried = jobs[miner]?.(stretch);
        attempts += tried?.attempts ?? 0;
        if (tried?.isFound === true) return { miner, attempts, height: this.node.chain.head.height };
      }
    }
    assert(false, 'practice work is found soon');
  }

  /** A search that goes on stretch by stretch, and gives the node the block that it finds. */
  #job(key: PracticeKey, tenths: number) {
    const { node } = this;
    const { header, transactions } = node.draft(key);
    const request = node.consensus.production.sealRequest(
      header,
      key,
      node.chain.head.header,
      new Uint8Array(0),
    );
    assert(request.kind === 'work', 'a chain of work');
    const target = parseCompact(request.bits);
    assert(target !== undefined, 'a target that the consensus gave');
    const hashes = (STRETCH_HASHES / 10) * tenths;
    const first = this.#nonce;
    return (stretch: number) => {
      const { attempts, nonce } = searchNonce(request.message, target, first + stretch * hashes, hashes);
      if (nonce === undefined) return { attempts, isFound: false };
      const seal = encodeWorkSeal({ bits: request.bits, nonce });
      const taken = node.take(createBlock({ ...header, seal }, transactions));
      assert(taken.ok, 'a block that was worked for');
      return { attempts, isFound: true };
    };
  }
}
