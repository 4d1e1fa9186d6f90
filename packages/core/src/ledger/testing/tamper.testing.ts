import { amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { addressOf } from '../../primitives/address.ts';
import { type Block, createBlock, transactionRoot } from '../../primitives/block.ts';
import type { Header } from '../../primitives/header.ts';
import { NATIVE_ASSET, type Output } from '../../primitives/output.ts';
import { createTransaction, type Transaction, type TransactionBody } from '../../primitives/transaction.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import { type StateView, viewOf } from '../../state/view.ts';
import type { TokenCreateAction } from '../actions/token-create.ts';
import type { BlockEnvironment } from '../environment.ts';
import { tokenId } from '../token.ts';
import { History, historySpec } from './history.testing.ts';
import { keyOpening, type Signer, signForReal, testKey } from './owners.testing.ts';
import { allocationOf, outputOf, type Purse, type SpendOptions, spend } from './spend.testing.ts';

/** A chain of two blocks with a token, and one valid block on top that tests change in one place. */
export interface TamperScene {
  readonly history: History;
  readonly spec: ChainSpec;
  readonly env: BlockEnvironment;
  readonly view: StateView;
  /** GOLD: 1000 of at most 5000, minted by key 1, held by key 0. */
  readonly gold: { readonly asset: number; readonly purse: Purse };
  /** FIXED: 1000, nobody may mint. */
  readonly fixed: number;
  /** GUARDED: 1000, minted by the recoverable owner. */
  readonly guarded: number;
  /** A coin of the recoverable owner made in block 2, with its guardians, who must wait for block 4. */
  readonly fresh: Purse;
  /** The reward of block 2, which is too young in block 3. */
  readonly reward: Purse;
  /** A valid block on top: a reward and one transfer. */
  readonly valid: Block;
  /** A valid transaction on top, with real signatures. */
  readonly transfer: Transaction;
  /** Makes a transaction on top. */
  make(options: SpendOptions): Transaction;
}

/** The hash that key 0 has notarised in block 1. */
export const NOTARISED: Uint8Array = new Uint8Array(32).fill(7);

const GOLD: TokenCreateAction = {
  kind: 'token-create',
  symbol: 'GOLD',
  name: 'Gold',
  decimals: 2,
  supplyMax: amount(5000),
  supply: amount(1000),
  minter: testKey(1).address,
};

const FIXED: TokenCreateAction = { ...GOLD, symbol: 'FIXED', minter: new Uint8Array(32) };

const tokenOutput = (asset: number): Output => ({ asset, amount: amount(1000), address: testKey(0).address });

/** Builds the scene. Takes a few milliseconds; tests may share one, nothing in it changes. */
export function tamperScene(signer: Signer = signForReal): TamperScene {
  const history = new History({ seed: 0, spec: historySpec(), signer });
  const place = () => ({ spec: history.spec, env: history.env, view: viewOf(history.state) });
  const from = allocationOf(history, 'key 0');
  const { address } = testKey(0);
  const guardians = allocationOf(history, 'recoverable', 0, 1);
  const minter = addressOf(guardians.opening.lock);
  const [asset, fixed, guarded] = [0, 1, 2].map((i) => tokenId(from.outpoint, i)) as [number, number, number];
  const created = spend(place(), {
    from: [from],
    outputs: [asset, fixed, guarded].map(tokenOutput),
    actions: [
      GOLD,
      FIXED,
      { ...GOLD, symbol: 'GUARDED', minter },
      { kind: 'data', hash: NOTARISED, note: '' },
    ],
    signer,
  });
  history.add([created]);
  const refill = spend(place(), {
    from: [allocationOf(history, 'key 3')],
    outputs: [{ asset: NATIVE_ASSET, amount: amount(100_000_000), address: minter }],
    signer,
  });
  const { block } = history.add([refill]);
  const make = (options: SpendOptions) => spend(place(), { signer, ...options });
  const transfer = make({
    from: [allocationOf(history, 'key 2')],
    outputs: [{ asset: NATIVE_ASSET, amount: amount(5), address }],
    tip: 100,
  });
  const [rewardTx] = block.transactions;
  assert(rewardTx !== undefined, 'every block has a reward');
  return {
    history,
    ...place(),
    gold: { asset, purse: outputOf(created, 0, keyOpening(testKey(0))) },
    fixed,
    guarded,
    fresh: outputOf(refill, 0, guardians.opening),
    reward: outputOf(rewardTx, 0, keyOpening(testKey(0))),
    valid: history.fork(2, 0).add([transfer]).block,
    transfer,
    make,
  };
}

/** The transaction with another body and its old witnesses, so that nothing else changes. */
export function withBody(
  tx: Transaction,
  changes: Partial<TransactionBody>,
  chainId: Uint8Array,
): Transaction {
  const { expiryHeight, inputs, outputs, actions, witnessCount, witnesses } = tx;
  const body = { expiryHeight, inputs, outputs, actions, witnessCount, ...changes };
  return createTransaction(body, witnesses.slice(0, body.witnessCount), chainId);
}

/** The block with other transactions, and a transaction root that fits them. */
export function withTransactions(block: Block, transactions: readonly Transaction[]): Block {
  return createBlock({ ...block.header, txRoot: transactionRoot(transactions) }, transactions);
}

/** The block with other header fields. */
export function withHeader(block: Block, changes: Partial<Header>): Block {
  return createBlock({ ...block.header, ...changes }, block.transactions);
}
