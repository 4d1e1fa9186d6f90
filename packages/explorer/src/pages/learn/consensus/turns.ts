import type { Result } from '@calin/core/base/result.ts';
import type { ChainUpdate } from '@calin/core/chain/chain-update.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import { createBlock } from '@calin/core/primitives/block.ts';
import { sealHash } from '@calin/core/primitives/header.ts';
import { type PracticeKey, practiceKey } from '../practice/practice-key.ts';
import { PracticeNode } from '../practice/practice-node.ts';
import { turnsSpec } from '../practice/practice-spec.ts';

/** Three authorities who make blocks in turn. */
export const AUTHORITIES: readonly PracticeKey[] = ['A', 'B', 'C'].map(practiceKey);

/** A chain of authorities and the slot that it is now. */
export class Turns {
  readonly node = new PracticeNode(turnsSpec(AUTHORITIES));
  readonly #slotMs: number;
  #slot = 1;

  constructor() {
    const { production } = this.node.spec.consensus;
    this.#slotMs = production.kind === 'poa' ? production.slotMs : 0;
  }

  /** Counts from the genesis block on. */
  get slot(): number {
    return this.#slot;
  }

  get #nowMs(): number {
    return this.node.spec.genesisTimeMs + this.#slot * this.#slotMs;
  }

  /** Whose turn it is, by what the consensus tells each of them. */
  get owner(): PracticeKey | undefined {
    const { chain, consensus } = this.node;
    const context = { validators: chain.validators(), draw: () => undefined };
    return AUTHORITIES.find(
      (key) => consensus.production.turn(chain.head.header, key, this.#nowMs, context).kind === 'now',
    );
  }

  /** Goes on to the next slot, whether there was a block or not. */
  wait(): void {
    this.#slot += 1;
  }

  /** Somebody signs a block in this slot, whoever's turn it is, and the node is given it. */
  attempt(key: PracticeKey): Result<ChainUpdate> {
    const { header, transactions } = this.node.draft(key, this.#nowMs);
    const seal = sign(sealHash(header), key.secretKey);
    return this.node.take(createBlock({ ...header, seal }, transactions));
  }
}
