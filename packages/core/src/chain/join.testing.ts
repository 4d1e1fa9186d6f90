import { amount } from '../base/amount.ts';
import { hash } from '../crypto/hash.ts';
import { testOwners } from '../ledger/testing/owners.testing.ts';
import { testSpec } from '../ledger/testing/spec.testing.ts';
import type { Header } from '../primitives/header.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { expectOk, type TestChain } from './chain.testing.ts';
import type { ChainJoin } from './join.ts';
import type { SnapshotOffer } from './snapshot-source.ts';

/** Coins of the genesis block that nobody spends, so that a state has several chunks. */
const RESTING_COINS = 3_300;

/** A chain whose states have several chunks, where so many blocks make one final. */
export function joinSpec(blocks: number): ChainSpec {
  const { genesisTimeMs } = testSpec();
  const owners = testOwners(genesisTimeMs).flatMap(({ address }) => [address, address, address]);
  const resting = Array.from({ length: RESTING_COINS }, (_, n) =>
    hash('address', Uint8Array.of(n & 0xff, n >>> 8)),
  );
  const spec = testSpec({ allocated: owners });
  // One hug each: the owners hold most of what there may be.
  const allocations = [...spec.allocations, ...resting.map((address) => ({ address, amount: amount(1) }))];
  return { ...spec, allocations, consensus: { ...spec.consensus, finality: { kind: 'depth', blocks } } };
}

/** The headers of the best branch after a height. */
export function headersOf({ chain }: TestChain, after = 0): readonly Header[] {
  const headers: Header[] = [];
  for (let height = after + 1; height <= chain.head.height; height++) {
    headers.push(expectOk(chain.header(chain.idAt(height) as Uint8Array)));
  }
  return headers;
}

/** The newest snapshot that a chain gives. */
export function offerOf({ chain }: TestChain): SnapshotOffer {
  while (chain.snapshots.step());
  return chain.snapshots.newest as SnapshotOffer;
}

/** The chunks of a snapshot. */
export function chunksOf({ chain }: TestChain, { id, chunks }: SnapshotOffer): readonly Uint8Array[] {
  return Array.from({ length: chunks }, (_, index) => chain.snapshots.chunk(id, index) as Uint8Array);
}

/** Drops what stands above the snapshot, and begins the chain with it. */
export function beginAt(test: TestChain): void {
  const { join } = test.chain;
  const { height } = join.snapshot as NonNullable<ChainJoin['snapshot']>;
  for (let batch = join.dropHeaders(height); batch !== undefined; batch = join.dropHeaders(height))
    test.commit(batch);
  const finishing = join.finish();
  let step = finishing.next();
  while (step.done !== true) step = finishing.next();
  test.commit(expectOk(step.value).batch);
}
