import { buildSweep } from '@calin/client/transaction-builder/build-sweep.ts';
import type { Opening } from '@calin/client/transaction-builder/opening.ts';
import {
  createPartial,
  type PartialTransaction,
} from '@calin/client/transaction-builder/partial-transaction.ts';
import { keySigner, signPartial } from '@calin/client/transaction-builder/sign-transaction.ts';
import { emptyWallet, type WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { testSpec } from '@calin/core/ledger/testing/spec.testing.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { sortKeys } from '@calin/core/primitives/locks/key-set.ts';

/** A public key by its number: 1 and 2 are of accounts, 3 is that of a contact, and others are nobody's. */
export function publicKey(n: number): Uint8Array {
  return testKey(n).publicKey;
}

/** Two accounts and a contact. */
export const DOCUMENT: WalletDocument = {
  ...emptyWallet('dcal', undefined),
  accounts: [
    { name: 'main', index: 0, publicKey: publicKey(1) },
    { name: 'savings', index: 1, publicKey: publicKey(2) },
  ],
  contacts: [{ name: 'bob', address: formatAddress(testKey(3).address, 'dcal') }],
};

/** Two of the keys 1, 3 and 4. */
export const FUND = {
  kind: 'multisig',
  threshold: 2,
  publicKeys: sortKeys([1, 3, 4].map(publicKey)),
} as const;

/** Everything of one coin behind a lock, signed by some of the test keys. */
export function partialOf(opening: Opening, signers: readonly number[] = []): PartialTransaction {
  const coin = { outpoint: { txid: hash('coin', Uint8Array.of(1)), index: 0 }, asset: 0, opening };
  const built = buildSweep({
    spec: testSpec({}),
    coins: [{ ...coin, amount: amount(5_000_000) }],
    to: testKey(9).address,
    feePerGas: amount(1),
  });
  let partial = createPartial(must(built), hash('header', Uint8Array.of(1)));
  for (const n of signers) partial = must(signPartial(partial, keySigner(testKey(n).secretKey)));
  return partial;
}

/** The value of a success. */
export function must<T>(result: Result<T>): T {
  assert(result.ok, result.ok ? '' : result.error.rule);
  return result.value;
}
