import { amount } from '../base/amount.ts';
import { compareBytes, equalBytes } from '../base/bytes.ts';
import { decodeRecord } from '../consensus/votes-each/record.ts';
import { voteMessage } from '../consensus/votes-each/vote.ts';
import { sign } from '../crypto/signature.ts';
import { proveVrf } from '../crypto/vrf.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';

import { TestNetwork, type TestNetworkOptions } from '../p2p/test-network.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { ChainSpec, ConsensusSpec } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import type { StakeSpec } from '../spec/validator-spec.ts';
import type { TestNode, TestNodeOptions } from './test-node.testing.ts';

/** Rounds that are over quickly, a block each half second. */
export const FAST_ROUNDS = {
  kind: 'votes-each',
  blockMs: 500,
  proposeMs: 300,
  voteMs: 100,
  growthMs: 50,
  resendMs: 500,
} as const;

/** Test keys 0 to `count` − 1, which change by their own vote alone. */
export const authoritiesOf = (count: number) =>
  ({
    kind: 'authorities',
    epochBlocks: 5,
    authorities: Array.from({ length: count }, (_, i) => testKey(i).publicKey).toSorted(compareBytes),
  }) as const;

/** Test keys 0 to `count` − 1 with equal stakes. */
export const stakesOf = (count: number): StakeSpec => ({
  kind: 'stake',
  epochBlocks: 5,
  membersMax: 10,
  bondMin: amount(1_000_000),
  unbondingEpochs: 3,
  jailEpochs: 1,
  missedPermilleMax: 900,
  commissionPermilleMax: 500,
  signersPermille: 200,
  slashPermille: { 'double-sign': 50, 'lock-break': 50, surround: 50 },
  stakes: Array.from({ length: count }, (_, i) => testKey(i))
    .toSorted((a, b) => compareBytes(a.publicKey, b.publicKey))
    .map(({ publicKey, address }) => ({
      publicKey,
      owner: address,
      amount: amount(1_000_000_000),
      commissionPermille: 100,
    })),
});

/** A chain that agrees as given, on which test key 10 has some coins. */
export function votingSpec(consensus: ConsensusSpec): ChainSpec {
  const dev = devSpec({
    authority: testKey(0).publicKey,
    genesisTimeMs: 1_700_000_000_000,
    allocations: Array.from({ length: 8 }, () => ({
      address: testKey(10).address,
      amount: amount(1_000_000_000),
    })),
  });
  return { ...dev, dev: false, consensus };
}

/** A node with the key of validator `index`, which makes blocks of its own accord or when it is asked to. */
export function validator(index: number): Partial<TestNodeOptions> {
  const { publicKey, address, secretKey } = testKey(index);
  return {
    production: { kind: 'interval', intervalMs: 0, publicKey, payTo: address },
    sign: (message) => sign(message, secretKey),
    prove: (input) => proveVrf(secretKey, input),
  };
}

/** A network whose first nodes are validators, all of them connected. */
export function validatorNetwork(
  spec: ChainSpec,
  options: Partial<TestNetworkOptions> & { readonly validators: number },
): TestNetwork {
  const net = new TestNetwork({
    spec,
    nodes: options.validators,
    ...options,
    node: (index) => ({
      ...(index < options.validators ? validator(index) : {}),
      ...options.node?.(index),
    }),
  });
  net.connectAll();
  return net;
}

/** A disk that has nothing before it is told to, as a slow one has, and that a power cut leaves so. */
export class SlowDisk {
  store: MemoryStore;
  #writes: (() => void)[] = [];

  constructor() {
    this.store = new MemoryStore({ schedule: (write) => this.#writes.push(write) });
  }

  /** Writes what waits, oldest first. */
  flush(count = Number.POSITIVE_INFINITY): void {
    for (const write of this.#writes.splice(0, count)) write();
  }

  /** What would be found under a key after a power cut. */
  durable(key: Uint8Array): Uint8Array | undefined {
    return this.store.crash().get(key);
  }

  /** What is on disk after a power cut. */
  crash(): MemoryStore {
    this.#writes = [];
    this.store = this.store.crash({ schedule: (write) => this.#writes.push(write) });
    return this.store;
  }
}

/** Who watches a disk. */
export interface DiskWatcher {
  /** True for what is signed to seal a header. */
  isHeader(message: Uint8Array): boolean;
  broken(what: string): void;
}

/**
 * Watches what a validator signs and says: calls back when it signs a vote that is in no record on its disk, or a block
 * without any record there, and when it decides to say something while a record of its votes is not on disk.
 */
export function watchDisk({ node }: TestNode, disk: SlowDisk, { isHeader, broken }: DiskWatcher): void {
  const { chain } = node;
  const { voting, sealed } = chain.layout;
  const step = node.step.bind(node);
  /** Batches with records of votes that are not on disk. */
  const waiting = new Set<number>();
  const isOnDisk = (message: Uint8Array) => {
    const record = disk.durable(voting);
    const votes = record === undefined ? [] : decodeRecord(record).votes;
    if (votes.some((vote) => equalBytes(voteMessage(chain.chainId, vote), message))) return true;
    return isHeader(message) && disk.durable(sealed) !== undefined;
  };
  node.step = (event, nowMs) => {
    if (event.type === 'committed') waiting.delete(event.sequence);
    const effects = step(event, nowMs);
    for (const effect of effects) {
      const holdsVotes =
        effect.type === 'commit' && effect.batch.puts.some(([name]) => equalBytes(name, voting));
      if (effect.type === 'commit' && holdsVotes) waiting.add(effect.sequence);
      if (effect.type === 'sign' && !isOnDisk(effect.message)) broken('signed without a record');
      // What waited for an earlier batch was decided before.
      if (effect.type === 'send' && event.type !== 'committed' && waiting.size > 0)
        broken(`said ${effect.message.kind}`);
    }
    return effects;
  };
}
