import { type Amount, amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { type Hash, hash } from '@calin/core/crypto/hash.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { applyTransaction } from '@calin/core/ledger/apply-transaction.ts';
import type { BlockEnvironment } from '@calin/core/ledger/environment.ts';
import { growSupply } from '@calin/core/ledger/supply.ts';
import { type TestKey, testKey, testOwners } from '@calin/core/ledger/testing/owners.testing.ts';
import { testSpec } from '@calin/core/ledger/testing/spec.testing.ts';
import { addressOf } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { Receipt } from '@calin/core/primitives/receipt.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { coinKey } from '@calin/core/state/coin.ts';
import { Overlay, viewOf } from '@calin/core/state/view.ts';
import { emptyState } from '@calin/core/state/world-state.ts';
import type { TransactionRequest } from './build-transaction.ts';
import type { Opening, SpendableCoin } from './opening.ts';
import { keySigner, type TransactionSigner } from './sign-transaction.ts';

/** Any chain. */
export const CHAIN_ID: Hash = hash('header', Uint8Array.of(1));

/** A chain on which a few hundred inputs fit into a transaction. */
export const SPEC = testSpec({ limits: { blockGasMax: 200_000, transactionBytesMax: 60_000 } });

/** Late enough that every lock of {@link owners} is open for a coin of height 0. */
const ENV: BlockEnvironment = {
  chainId: CHAIN_ID,
  height: 100,
  timeMs: SPEC.genesisTimeMs + 100_000,
  producer: testKey(0).address,
  baseFee: amount(10),
};

/** Every kind of lock by every path. */
export const OWNERS = testOwners(SPEC.genesisTimeMs).flatMap(({ name, openings }) =>
  openings.map((opening) => ({ name: `${name}, path ${opening.path}`, opening })),
);

/** The opening of a key lock. */
export function keyOpening(n = 0): Opening {
  return { lock: { kind: 'key', publicKey: testKey(n).publicKey }, path: 0 };
}

/** Signs with a test key. */
export function signerOf({ secretKey }: TestKey): TransactionSigner {
  return keySigner(secretKey);
}

let made = 0;

/** A coin that no other call gives. */
export function coin(value: number, opening: Opening = keyOpening(), asset = NATIVE_ASSET): SpendableCoin {
  const txid = hash('coin', Uint8Array.of(made & 255, made >> 8));
  made++;
  return { outpoint: { txid, index: made % 3 }, asset, amount: amount(value), opening };
}

/** A request with what most tests do not care about. */
export function request(changes: Partial<TransactionRequest>): TransactionRequest {
  const changeAddress = testKey(9).address;
  return { spec: SPEC, coins: [], outputs: [], feePerGas: amount(10), changeAddress, ...changes };
}

/** A native output to somebody. */
export function payment(value: number, asset = NATIVE_ASSET) {
  return { asset, amount: amount(value) as Amount, address: testKey(8).address };
}

/** A state that holds these coins since height 0. */
export function overlayWith(coins: readonly SpendableCoin[]): Overlay {
  const overlay = new Overlay(viewOf(emptyState));
  // Hugs must have been issued before any can be burned.
  growSupply(overlay, { issued: amount(Number.MAX_SAFE_INTEGER), burned: amount(0) });
  for (const { outpoint, asset, amount: value, opening } of coins) {
    const { txid, index } = outpoint;
    const address = addressOf(opening.lock);
    const added = overlay.addCoin(coinKey(txid, index), {
      index,
      asset,
      amount: value,
      address,
      height: 0,
      reward: false,
    });
    assert(added, 'each coin once');
  }
  return overlay;
}

/** What the ledger says, signatures included. */
export function judge(overlay: Overlay, tx: Transaction): Result<Receipt> {
  return applyTransaction(SPEC, overlay, tx, ENV, verifySignature);
}

/** The value of a success. */
export function must<T>(result: Result<T>): T {
  assert(result.ok, result.ok ? '' : `${result.error.rule} ${JSON.stringify(result.error.evidence)}`);
  return result.value;
}
