import { assert } from '@calin/core/base/assert.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import type { Production } from '@calin/core/consensus/engine.ts';
import { draftBlock } from '@calin/core/ledger/build-block.ts';
import { environmentAfter } from '@calin/core/ledger/environment.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { createBlock } from '@calin/core/primitives/block.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import type { WorldState } from '@calin/core/state/world-state.ts';
import { createNodeKernel } from '../../src/host/node-kernel.ts';
import { authorityKey, signFast } from './keys.ts';

const BLOCK_INTERVAL_MS = 1000;

/** Makes the blocks of a test chain one after the other, by the ledger's own rules. */
export class BlockMaker {
  readonly chainId: Uint8Array;
  readonly #spec: ChainSpec;
  readonly #production: Production;
  readonly #authority = authorityKey();
  #parent: Header;
  #state: WorldState;

  constructor(spec: ChainSpec) {
    const { block, state } = createGenesis(spec, createNodeKernel().emptyState());
    this.chainId = block.id;
    this.#spec = spec;
    this.#production = createConsensus(spec).production;
    this.#parent = block.header;
    this.#state = state;
  }

  /** The next block with these transactions, all of which must fit and hold; its bytes. */
  make(transactions: readonly Transaction[]): Uint8Array {
    const { publicKey, address } = this.#authority;
    const at = { timeMs: this.#parent.timeMs + BLOCK_INTERVAL_MS, producer: address };
    const env = environmentAfter(this.#spec, this.chainId, this.#parent, at);
    const draft = draftBlock(this.#spec, this.#state, this.#parent, env, transactions, address);
    const refused = draft.refused[0]?.refusal.rule;
    assert(refused === undefined, `a transaction of the test chain was refused: ${refused}`);
    assert(draft.transactions.length === transactions.length + 1, 'the transactions do not fit into a block');
    const { message } = this.#production.sealRequest(
      draft.header,
      { publicKey, address },
      this.#parent,
      new Uint8Array(0),
    );
    this.#parent = { ...draft.header, seal: signFast(message, this.#authority) };
    this.#state = draft.result.state;
    return createBlock(this.#parent, draft.transactions).bytes;
  }
}
