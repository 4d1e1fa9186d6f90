import { amount } from '../base/amount.ts';
import { sign } from '../crypto/signature.ts';
import { keyOpening, type Signer, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import type { ProductionConfig } from '../node/config.ts';
import type { TestNode } from '../node/test-node.testing.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { type ChainSpec, specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';

const alice = testKey(10);
/** Whom alice pays. */
export const bob = testKey(11);

/** A chain of two authorities in turn, a slot of half a second each, on which alice has some coins. */
export function twoAuthoritiesSpec(options: {
  readonly allocations: number;
  /** Blocks after which one is final. */
  readonly finalBlocks: number;
}): ChainSpec {
  const authorities = [testKey(0).publicKey, testKey(1).publicKey];
  const dev = devSpec({
    authority: testKey(0).publicKey,
    genesisTimeMs: 1_700_000_000_000,
    allocations: Array.from({ length: options.allocations }, () => ({
      address: alice.address,
      amount: amount(1_000_000_000),
    })),
  });
  const consensus = {
    production: { kind: 'poa', authorities, slotMs: 500 },
    finality: { kind: 'depth', blocks: options.finalBlocks },
  } as const;
  return { ...dev, dev: false, consensus };
}

/** The production of an authority. */
export function authority(index: number, kind: 'on-transaction' | 'interval' = 'on-transaction') {
  const { publicKey, address, secretKey } = testKey(index);
  const intervalMs = kind === 'interval' ? 500 : 0;
  return {
    production: { kind, intervalMs, publicKey, payTo: address } satisfies ProductionConfig,
    sign: (message: Uint8Array) => sign(message, secretKey),
  };
}

/** A payment to bob from allocation `index`. */
export function payment(spec: ChainSpec, { node }: TestNode, index: number, signer?: Signer): Transaction {
  const place = { spec, env: node.nextEnvironment(), view: node.view() };
  return spend(place, {
    from: [{ outpoint: { txid: specHash(spec), index }, opening: keyOpening(alice) }],
    outputs: [{ asset: 0, amount: amount(1_000), address: bob.address }],
    tip: 5,
    ...(signer === undefined ? {} : { signer }),
  });
}
