import { assert } from '@calin/core/base/assert.ts';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import { Random } from '@calin/core/base/random.ts';
import { type Hash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { FEATURES } from '@calin/core/p2p/features.ts';
import type { CompactBlockMessage } from '@calin/core/p2p/messages/blocks.ts';
import { messageBytes } from '@calin/core/p2p/messages/message.ts';
import type { TxAnnounceMessage } from '@calin/core/p2p/messages/transactions.ts';
import type { Peer } from '@calin/core/p2p/peer.ts';
import { Relay } from '@calin/core/p2p/relay/relay.ts';
import { compactBlockOf, relayBlockOf } from '@calin/core/p2p/relay/relay-block.ts';
import type { RelayHost } from '@calin/core/p2p/relay/relay-host.ts';
import { type Block, createBlock, transactionLeaves, transactionRoot } from '@calin/core/primitives/block.ts';
import { scanJoinedBlock } from '@calin/core/primitives/flat-block.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { Output } from '@calin/core/primitives/output.ts';
import { createTransaction, type Transaction } from '@calin/core/primitives/transaction.ts';
import { createKernelHasher } from '@calin/kernel/kernel-hasher.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { cpuMsOf } from './measure/cpu-time.ts';
import { machine } from './measure/machine.ts';
import { round } from './measure/numbers.ts';

/** The work of relay alone, without pool, ledger, network and disk: what each message costs the node that gets it. */
export const bench: Bench = {
  name: 'relay',
  summary:
    'Processor time of relay for each announced transaction and for each transaction of a compact block.',
  options: {
    peers: { summary: 'Peers that all announce the same, half of them inbound', default: 16 },
    transactions: { summary: 'Transactions in a block; at most 1,000 of them are announced', default: 5000 },
    rounds: { summary: 'Runs, the fastest of which counts for each number', default: 6 },
  },
  run,
};

const CHAIN_ID: Hash = new Uint8Array(32).fill(1);
const ANNOUNCED_MAX = 1_000;
/** Nodes that do each step one after the other: a single one is too quick to be measured. */
const NODES = 10;
/** Trees that are hashed for each node. */
const ROOTS = 10;
const hasher = createKernelHasher();

type Times = Record<'wantedUs' | 'knownUs' | 'toldUs' | 'addedUs' | 'blockUs' | 'rootUs', number>;

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const [peers, transactions, rounds] = ['peers', 'transactions', 'rounds'].map((name) =>
    Number(options[name]),
  ) as [number, number, number];
  const random = new Random(new Uint8Array(32).fill(2));
  const all = Array.from({ length: transactions }, () => transfer(random));
  const block = blockOf([transfer(random), ...all]);
  const compact = compactBlockOf(relayBlockOf(block, hasher), [0]);
  let best: Times | undefined;
  for (let done = 0; done < rounds; done++) {
    progress(done, rounds, 'relaying');
    const times = measure(all, compact, peers);
    for (const name of Object.keys(times) as (keyof Times)[]) {
      times[name] = Math.min(times[name], best?.[name] ?? Number.POSITIVE_INFINITY);
    }
    best = times;
  }
  assert(best !== undefined, 'at least one round');
  const rounded = Object.fromEntries(Object.entries(best).map(([name, us]) => [name, round(us, 3)]));
  const full = messageBytes({ kind: 'body', request: 1, id: block.id, bytes: block.bytes });
  const share = round(messageBytes(compact) / full, 4);
  // Nobody can know that the transactions are those of the header without hashing the tree.
  const ratio = round(best.rootUs / best.blockUs, 3);
  return {
    bench: 'relay',
    ratio,
    ...rounded,
    compactShare: share,
    peers,
    transactions,
    rounds,
    ...machine(),
  };
}

/** Microseconds for each transaction, and for each peer where peers are told or tell. */
function measure(all: readonly Transaction[], compact: CompactBlockMessage, peerCount: number): Times {
  const nodes = Array.from({ length: NODES }, () => new BenchNode(peerCount));
  const leaves = transactionLeaves(all, hasher);
  const some = all.slice(0, ANNOUNCED_MAX);
  const announcement = { kind: 'tx-announce', txids: some.map(({ txid }) => txid) } as const;
  /** Microseconds that something takes for each of so many things of each node. */
  const usOf = (things: number, work: (node: BenchNode) => void) => {
    return (1000 * cpuMsOf(() => nodes.forEach(work))) / (NODES * things);
  };
  const announced = some.length * peerCount;
  const wantedUs = usOf(announced, (node) => node.hear(announcement));
  const addedUs = usOf(all.length, (node) => node.add(all, leaves));
  const knownUs = usOf(announced, (node) => node.hear(announcement));
  const toldUs = usOf((all.length - some.length) * peerCount, (node) => node.tell());
  const blockUs = usOf(all.length, (node) => node.take(compact));
  for (const { imported, told } of nodes) assert(imported === 1 && told > 0, 'a block was put together');
  const rootUs = usOf(ROOTS * all.length, () => {
    for (let i = 0; i < ROOTS; i++) hasher.merkleRoot(leaves, all.length);
  });
  return { wantedUs, knownUs, toldUs, addedUs, blockUs, rootUs };
}

/** A relay whose chain and pool only keep what they are given. */
class BenchNode {
  readonly relay: Relay;
  readonly peers: readonly Peer[];
  imported = 0;
  /** Txids that were announced to peers. */
  told = 0;
  nowMs = 1_000_000;
  readonly #pool = new Map<string, Transaction>();

  constructor(peers: number) {
    const context = {
      punish: () => assert(false, 'nobody is blamed'),
      parentMissing: () => {},
      isCaughtUp: () => true,
    };
    this.relay = new Relay({ host: this.#host(), ...context });
    this.peers = Array.from({ length: peers }, (_, i) => peerOf(i, this.nowMs));
    for (const peer of this.peers) this.relay.peerReady(peer, this.nowMs);
  }

  /** All peers announce the same. */
  hear(message: TxAnnounceMessage): void {
    for (const peer of this.peers) this.relay.handle(peer, message, this.nowMs);
  }

  /** Peers are told of what they have not announced, in two turns at most. */
  tell(): void {
    for (let turn = 0; turn < 2; turn++) {
      this.nowMs += 1_000;
      this.relay.tick(this.nowMs);
    }
  }

  take(compact: CompactBlockMessage): void {
    const [peer] = this.peers;
    if (peer !== undefined) this.relay.handle(peer, compact, this.nowMs);
  }

  add(transactions: readonly Transaction[], leaves: Uint8Array): void {
    for (const transaction of transactions) this.#pool.set(bytesKey(transaction.txid), transaction);
    this.relay.transactionsAdded({ transactions, leaves }, undefined, this.nowMs);
  }

  #host(): RelayHost {
    const genesis = blockOf([]);
    const root = { id: genesis.id, header: genesis.header, height: 0, weight: 0n };
    const pool = this.#pool;
    return {
      random: new Random(new Uint8Array(32)),
      chain: {
        chainId: CHAIN_ID,
        hasher,
        final: root,
        node: (id) => (bytesKey(id) === bytesKey(ZERO_HASH) ? root : undefined),
        block: () => ({ ok: true, value: genesis }),
        checkHeaderAfter: () => ({ ok: true, value: undefined }),
        weightOf: () => 1n,
        scanJoined: (bytes, joined) => scanJoinedBlock(bytes, joined, CHAIN_ID, hasher),
        sharedBlock: () => undefined,
      },
      mempool: {
        has: (txid) => pool.has(bytesKey(txid)),
        get: (txid) => pool.get(bytesKey(txid)),
        get size() {
          return pool.size;
        },
      },
      importBlock: () => {
        this.imported += 1;
      },
      submit: () => {},
      wake: () => {},
      send: (_peer, message) => {
        if (message.kind === 'tx-announce') this.told += message.txids.length;
      },
    };
  }
}

function peerOf(i: number, connectedMs: number): Peer {
  const head = { id: ZERO_HASH, height: 0, weight: 0n };
  const hello = {
    kind: 'hello',
    protocol: 1,
    chainId: CHAIN_ID,
    features: FEATURES.transactions | FEATURES.compactBlocks,
    nonce: new Uint8Array(8),
    head,
    finalHeight: 0,
    timeMs: connectedMs,
    agent: 'bench',
    listen: [],
  } as const;
  const direction = i % 2 === 0 ? 'outbound' : 'inbound';
  const connection = { id: `p${i}`, address: `p${i}`, direction, connectedMs } as const;
  return { ...connection, hello, head, finalHeight: 0, toldHead: ZERO_HASH, latencyMs: undefined };
}

/** A transaction of 248 bytes, as a transfer with one input and two outputs. */
function transfer(random: Random): Transaction {
  const output = (): Output => ({ asset: 0, amount: 1 as Output['amount'], address: random.bytes(32) });
  const inputs = [{ txid: random.bytes(32), index: 0 }];
  const body = { expiryHeight: 0, inputs, outputs: [output(), output()], actions: [], witnessCount: 1 };
  const lock = { kind: 'key', publicKey: random.bytes(32) } as const;
  const witness = { lock, path: 0, signers: [0], signatures: [random.bytes(64)], preimage: undefined };
  return createTransaction(body, [witness], CHAIN_ID);
}

function blockOf(transactions: readonly Transaction[]): Block {
  const header: Header = {
    version: 1,
    height: transactions.length === 0 ? 0 : 1,
    parent: ZERO_HASH,
    timeMs: 1,
    producer: ZERO_HASH,
    txRoot: transactionRoot(transactions),
    receiptRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    gasUsed: 0,
    baseFee: 1 as Header['baseFee'],
    seal: new Uint8Array(64),
  };
  return createBlock(header, transactions);
}
