import { type Amount, isAmount, multiplyAmounts } from '../base/amount.ts';
import { equalBytes } from '../base/bytes.ts';
import { type Address, addressOf } from '../primitives/address.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { NATIVE_ASSET } from '../primitives/output.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { Witness } from '../primitives/witness.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { Coin } from '../state/coin.ts';
import { checkShape } from './check-shape.ts';
import type { BlockEnvironment } from './environment.ts';

/** What a transfer pays, and what it is charged for. */
export interface TransferTerms {
  readonly fee: Amount;
  readonly gas: number;
}

/**
 * The short way for what most transactions are: native coins that are no rewards, opened by keys, paid on, and
 * nothing else. It reads and writes nothing, so that the caller needs no overlay.
 *
 * @param coinOf - the coin of an input, on the state that the transaction builds on
 * @returns fee and gas as the receipt of {@link applyTransaction} has them; undefined for every other transaction and
 *   for one that a rule refuses: then the long way decides, and names the rule
 * @see applyTransaction, which this must agree with
 */
export function transferTerms(
  spec: ChainSpec,
  tx: Transaction,
  env: Pick<BlockEnvironment, 'height' | 'baseFee'>,
  coinOf: (input: Outpoint) => Coin | undefined,
): TransferTerms | undefined {
  if (tx.actions.length > 0 || (tx.expiryHeight !== 0 && tx.expiryHeight < env.height)) return undefined;
  const shape = checkShape(spec, tx);
  if (!shape.ok) return undefined;
  const spent = spentAmount(tx, coinOf);
  if (spent === undefined) return undefined;
  // Every sum of amounts whose total is exact is exact itself; the shape check bounds that of the outputs.
  let paid = 0;
  for (const { asset, amount } of tx.outputs) {
    if (asset !== NATIVE_ASSET) return undefined;
    paid += amount;
  }
  const fee = spent - paid;
  const { gas } = shape.value;
  const burned = multiplyAmounts(gas, env.baseFee);
  if (burned === undefined || !isAmount(fee) || fee < burned) return undefined;
  return { fee, gas };
}

/** Sums up the coins, if each opens with the next key of the witnesses or with one before, and none is left over. */
function spentAmount(tx: Transaction, coinOf: (input: Outpoint) => Coin | undefined): number | undefined {
  const opened: Address[] = [];
  let spent = 0;
  for (const input of tx.inputs) {
    const coin = coinOf(input);
    // An index that is not the coin's own gives one coin a second name, by which it could be counted twice.
    if (coin === undefined || coin.index !== input.index || coin.reward || coin.asset !== NATIVE_ASSET) {
      return undefined;
    }
    if (!isOpen(opened, coin.address)) {
      const address = keyAddressOf(tx.witnesses[opened.length]);
      if (address === undefined || !equalBytes(address, coin.address)) return undefined;
      opened.push(address);
    }
    spent += coin.amount;
  }
  return opened.length === tx.witnesses.length && isAmount(spent) ? spent : undefined;
}

function isOpen(opened: readonly Address[], address: Address): boolean {
  for (const other of opened) if (equalBytes(other, address)) return true;
  return false;
}

/** The address of a witness that opens a key lock, which has one way and no condition. */
function keyAddressOf(witness: Witness | undefined): Address | undefined {
  return witness?.lock.kind === 'key' ? addressOf(witness.lock) : undefined;
}
