import { amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { toHex } from '../../base/bytes.ts';
import { addressOf } from '../../primitives/address.ts';
import type { Outpoint } from '../../primitives/outpoint.ts';
import { NATIVE_ASSET, type Output } from '../../primitives/output.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { type ChainSpec, specHash } from '../../spec/chain-spec.ts';
import { coinKey } from '../../state/coin.ts';
import type { StateView } from '../../state/view.ts';
import { nativeFlow } from '../actions/native-flow.ts';
import { encodeAction, type LedgerAction } from '../actions/registry.ts';
import type { BlockEnvironment } from '../environment.ts';
import { gasOf } from '../transaction-gas.ts';
import type { History } from './history.testing.ts';
import { type Opening, type Signer, signBlank, signForReal, signTransaction } from './owners.testing.ts';

/** A coin with the way it is going to be opened. */
export interface Purse {
  readonly outpoint: Outpoint;
  readonly opening: Opening;
}

/** What {@link spend} does; all but `from` may be left out. */
export interface SpendOptions {
  readonly from: readonly [Purse, ...Purse[]];
  readonly outputs?: readonly Output[];
  readonly actions?: readonly LedgerAction[];
  /** Who agrees beside the owners of the inputs. */
  readonly authorities?: readonly Opening[];
  readonly expiryHeight?: number;
  /** Hugs above gas × base fee; may be negative. */
  readonly tip?: number;
  readonly signer?: Signer;
}

/** Where and when it is spent. */
export interface SpendPlace {
  readonly spec: ChainSpec;
  readonly env: BlockEnvironment;
  readonly view: StateView;
}

/** Makes and signs a transaction that pays its fee and gives the rest of the native coin back to its first owner. */
export function spend({ spec, env, view }: SpendPlace, options: SpendOptions): Transaction {
  const { from, outputs = [], actions = [], authorities = [], tip = 0, signer = signForReal } = options;
  const build = (change: number, sign: Signer): Transaction => {
    const back = { asset: NATIVE_ASSET, amount: amount(change), address: addressOf(from[0].opening.lock) };
    const body = {
      expiryHeight: options.expiryHeight ?? 0,
      inputs: from.map(({ outpoint }) => outpoint),
      outputs: [...outputs, back],
      actions: actions.map(encodeAction),
    };
    const openings = new Map<string, Opening>();
    for (const opening of [...from.map((purse) => purse.opening), ...authorities]) {
      const name = toHex(addressOf(opening.lock));
      if (!openings.has(name)) openings.set(name, opening);
    }
    return signTransaction(body, [...openings.values()], env.chainId, sign);
  };
  let change = 0;
  for (const { outpoint } of from) {
    const coin = view.coin(coinKey(outpoint.txid, outpoint.index));
    assert(coin !== undefined, 'a purse holds a coin of the state');
    if (coin.asset === NATIVE_ASSET) change += coin.amount;
  }
  for (const output of outputs) if (output.asset === NATIVE_ASSET) change -= output.amount;
  for (const action of actions) {
    const { takes, brings } = nativeFlow(action);
    change += brings - takes;
  }
  return build(change - gasOf(spec, build(1, signBlank)) * env.baseFee - tip, signer);
}

/**
 * Allocation `round` of an owner of a history on {@link historySpec}.
 *
 * @param name - see testOwners
 * @param way - position among the owner's openings
 */
export function allocationOf({ spec, owners }: History, name: string, round = 0, way = 0): Purse {
  const position = owners.findIndex((owner) => owner.name === name);
  const opening = owners[position]?.openings[way];
  assert(opening !== undefined, `no owner ${name} with a way ${way}`);
  return { outpoint: { txid: specHash(spec), index: round * owners.length + position }, opening };
}

/** The purse of output `index` of a transaction. */
export function outputOf(tx: Transaction, index: number, opening: Opening): Purse {
  return { outpoint: { txid: tx.txid, index }, opening };
}
