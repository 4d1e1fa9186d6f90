import { amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { compareBytes, equalBytes, toHex } from '../base/bytes.ts';
import { type PublicKey, publicKeyOf, type SecretKey, sign, verifySignature } from '../crypto/signature.ts';
import { type Address, addressOf, keyAddress } from '../primitives/address.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { type Lock, spendPaths } from '../primitives/lock.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { NATIVE_ASSET, type Output } from '../primitives/output.ts';
import { createTransaction, encodeBody, type Transaction, transactionId } from '../primitives/transaction.ts';
import type { Witness } from '../primitives/witness.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { decodeChanges } from '../state/changes.ts';
import { coinKey } from '../state/coin.ts';
import { Overlay, type StateView, viewOf } from '../state/view.ts';
import { applyChanges, stateRoot, type WorldState } from '../state/world-state.ts';
import { nativeFlow } from './actions/native-flow.ts';
import { encodeAction, type LedgerAction } from './actions/registry.ts';
import { applyBlock, type BlockResult } from './apply-block.ts';
import { applyTransaction } from './apply-transaction.ts';
import { draftBlock } from './build-block.ts';
import { type BlockEnvironment, environmentAfter } from './environment.ts';
import { createGenesis } from './genesis.ts';
import { NO_NEWS, type RewardNews } from './reward-actions.ts';
import { gasOf } from './transaction-gas.ts';
import { vectorJudge } from './vector-judge.ts';

/** A key that everybody knows; for vectors only. */
export interface VectorParty {
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
  readonly address: Address;
}

/** The party whose secret key is 32 times the byte `n`. */
export function party(n: number): VectorParty {
  const secretKey = new Uint8Array(32).fill(n);
  const publicKey = publicKeyOf(secretKey);
  return { secretKey, publicKey, address: keyAddress(publicKey) };
}

/** One way to open a lock. */
export interface Way {
  readonly lock: Lock;
  readonly path: number;
  readonly signers: readonly VectorParty[];
  readonly preimage?: Uint8Array;
}

/** How a party opens its key lock. */
export function keyWay(signer: VectorParty): Way {
  return { lock: { kind: 'key', publicKey: signer.publicKey }, path: 0, signers: [signer] };
}

/** What a transaction of the vectors does; what is left goes back to its first owner. */
export interface VectorSpend {
  readonly from: readonly (readonly [Outpoint, Way])[];
  readonly to?: readonly Output[];
  readonly actions?: readonly LedgerAction[];
  /** Who agrees beside the owners. */
  readonly agree?: readonly Way[];
  readonly expiryHeight?: number;
  /** Hugs above gas × base fee. */
  readonly tip?: number;
  /** Signs in the place of the first owner's signers. */
  readonly signWith?: readonly VectorParty[];
}

/** Output `index` of a transaction. */
export function outpointOf({ txid }: Transaction, index: number): Outpoint {
  return { txid, index };
}

/** One block of the vectors. */
export interface VectorBlock {
  readonly block: Block;
  readonly env: BlockEnvironment;
  readonly result: BlockResult;
}

/** A chain that grows by transactions written by hand, checked in full, with a second between blocks. */
export class VectorChain {
  readonly spec: ChainSpec;
  readonly genesis: Block;
  readonly blocks: VectorBlock[] = [];
  #state: WorldState;
  #overlay: Overlay;
  #waiting: Transaction[] = [];

  constructor(spec: ChainSpec) {
    this.spec = spec;
    const { block, state } = createGenesis(spec);
    this.genesis = block;
    this.#state = state;
    this.#overlay = new Overlay(viewOf(state));
  }

  /** The state after the last block. */
  get view(): StateView {
    return viewOf(this.#state);
  }

  /** Makes a transaction for the next block, where later ones may spend it. */
  make(spend: VectorSpend): Transaction {
    const tx = this.sign(spend);
    const applied = applyTransaction(this.spec, this.#overlay, tx, this.#env, verifySignature);
    assert(applied.ok, applied.ok ? '' : `a transaction of the vectors is refused: ${applied.error.rule}`);
    this.#waiting.push(tx);
    return tx;
  }

  /** Adds a block with the transactions made since the last one, whose reward tells some news. */
  add(news: RewardNews = NO_NEWS): Block {
    const { header: parent } = this.#head;
    const env = this.#env;
    const draft = draftBlock(
      this.spec,
      this.#state,
      parent,
      env,
      this.#waiting,
      env.producer,
      undefined,
      news,
    );
    assert(draft.transactions.length === this.#waiting.length + 1, 'all transactions of the vectors fit');
    assert(draft.refusedNews.length === 0, 'all news of the vectors hold');
    const block = createBlock(draft.header, draft.transactions);
    const applied = applyBlock(this.spec, this.#state, block, env, verifySignature);
    assert(applied.ok, applied.ok ? '' : `a block of the vectors is refused: ${applied.error.rule}`);
    const back = applyChanges(applied.value.state, decodeChanges(applied.value.undo));
    assert(equalBytes(stateRoot(back.state), parent.stateRoot), 'the undo record leads back');
    this.blocks.push({ block, env, result: applied.value });
    this.#state = applied.value.state;
    this.#overlay = new Overlay(viewOf(this.#state));
    this.#waiting = [];
    return block;
  }

  /** What the ledger says to a transaction that it must refuse in the next block. */
  refused(tx: Transaction) {
    const env = this.#env;
    const applied = applyTransaction(this.spec, new Overlay(viewOf(this.#state)), tx, env, verifySignature);
    assert(!applied.ok, 'a transaction that must be refused is accepted');
    const { rule } = applied.error;
    return {
      height: env.height,
      timeMs: env.timeMs,
      baseFee: env.baseFee,
      transaction: toHex(tx.bytes),
      rule,
    };
  }

  /** Builds and signs a transaction, valid or not. */
  sign(spend: VectorSpend): Transaction {
    const { from, to = [], actions = [], tip = 0 } = spend;
    let left = 0;
    for (const [{ txid, index }] of from) {
      const coin = this.#overlay.coin(coinKey(txid, index));
      assert(coin !== undefined, 'the vectors spend coins that exist');
      if (coin.asset === NATIVE_ASSET) left += coin.amount;
    }
    for (const output of to) if (output.asset === NATIVE_ASSET) left -= output.amount;
    for (const action of actions) {
      const { takes, brings } = nativeFlow(action);
      left += brings - takes;
    }
    const gas = gasOf(this.spec, this.#build(spend, 1));
    return this.#build(spend, left - gas * this.#env.baseFee - tip);
  }

  #build(
    { from, to = [], actions = [], agree = [], expiryHeight = 0, signWith }: VectorSpend,
    change: number,
  ) {
    const ways = new Map<string, Way>();
    for (const way of [...from.map(([, owner]) => owner), ...agree])
      ways.set(toHex(addressOf(way.lock)), way);
    const [first] = ways.values();
    assert(first !== undefined, 'a transaction of the vectors has an owner');
    const body = {
      expiryHeight,
      inputs: from.map(([outpoint]) => outpoint),
      outputs: [...to, { asset: NATIVE_ASSET, amount: amount(change), address: addressOf(first.lock) }],
      actions: actions.map(encodeAction),
      witnessCount: ways.size,
    };
    const { id } = this.genesis;
    const txid = transactionId(encodeBody(body), id);
    const witnesses = [...ways.values()].map((way) =>
      witnessOf(way, txid, way === first ? signWith : undefined),
    );
    return createTransaction(body, witnesses, id);
  }

  get #head(): Block {
    return this.blocks.at(-1)?.block ?? this.genesis;
  }

  get #env(): BlockEnvironment {
    const { header } = this.#head;
    const { address } = this.spec.allocations[0] as { address: Address };
    const env = environmentAfter(this.spec, this.genesis.id, header, {
      timeMs: header.timeMs + 1000,
      producer: address,
    });
    return { ...env, judge: vectorJudge };
  }
}

function witnessOf({ lock, path, signers, preimage }: Way, txid: Uint8Array, signWith = signers): Witness {
  const keys = spendPaths(lock)[path]?.publicKeys ?? [];
  const placed = signers
    .map((signer, i) => ({
      position: keys.findIndex((key) => compareBytes(key, signer.publicKey) === 0),
      secretKey: (signWith[i] as VectorParty).secretKey,
    }))
    .toSorted((a, b) => a.position - b.position);
  return {
    lock,
    path,
    signers: placed.map(({ position }) => position),
    signatures: placed.map(({ secretKey }) => sign(txid, secretKey)),
    preimage,
  };
}
