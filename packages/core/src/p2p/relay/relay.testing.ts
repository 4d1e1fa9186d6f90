import { assert } from '../../base/assert.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { SeededRandom } from '../../base/fuzz.testing.ts';
import { Random } from '../../base/random.ts';
import { OK, type Refusal, type Result } from '../../base/result.ts';
import { defineRules } from '../../base/rules.ts';
import type { BlockNode } from '../../chain/block-tree.ts';
import type { BatchHasher } from '../../crypto/batch-hash.ts';
import { type Hash, ZERO_HASH } from '../../crypto/hash.ts';
import { createPlainHasher } from '../../crypto/plain-hasher.ts';
import type { PooledTransactions, SubmitVerdict } from '../../node/events.ts';
import {
  type Block,
  createBlock,
  parseBlock,
  transactionLeaves,
  transactionRoot,
} from '../../primitives/block.ts';
import { scanJoinedBlock } from '../../primitives/flat-block.ts';
import { type Header, headerId } from '../../primitives/header.ts';
import type { Output } from '../../primitives/output.ts';
import { createTransaction, parseTransaction, type Transaction } from '../../primitives/transaction.ts';
import { FEATURES } from '../features.ts';
import { encodeMessage, type Message, messageBytes, parseMessage } from '../messages/message.ts';
import type { Peer } from '../peer.ts';
import { Relay } from './relay.ts';
import type { RelayHost } from './relay-host.ts';

/** The chain of these tests. */
export const CHAIN_ID: Hash = new Uint8Array(32).fill(0xc0);

/** Refusals that the test chain and pool give, with the ids and points of the real ones. */
const refuseTest = defineRules({
  'chain/validators-unknown': { message: 'Too far ahead.', help: 'Wait.', retry: true },
  'chain/time-early': { message: 'Before its time.', help: 'Wait.', retry: true },
  'chain/block-invalid': { message: 'Invalid before.', help: 'None.', banPoints: 100 },
  'consensus/seal-invalid': { message: 'Bad seal.', help: 'None.', banPoints: 100 },
  'block/state-root-mismatch': { message: 'Bad state.', help: 'None.', banPoints: 100 },
  'mempool/known': { message: 'Known.', help: 'None.' },
  'mempool/fee-too-low': { message: 'Too little.', help: 'Pay more.', retry: true },
  'tx/coin-missing': { message: 'No such coin.', help: 'None.', retry: true },
  'tx/signature-invalid': { message: 'Bad signature.', help: 'None.', banPoints: 50 },
});

/** A transaction of the size of a usual transfer that spends an output of each parent, or of nobody. */
export function testTransaction(
  random: SeededRandom,
  parents: readonly Hash[] = [random.bytes(32)],
): Transaction {
  const output = (): Output => ({ asset: 0, amount: 1 as Output['amount'], address: random.bytes(32) });
  const body = {
    expiryHeight: 0,
    inputs: parents.map((txid) => ({ txid, index: random.below(1000) })),
    outputs: [output(), output()],
    actions: [],
    witnessCount: 1,
  };
  const lock = { kind: 'key', publicKey: random.bytes(32) } as const;
  const signatures = [random.bytes(64)];
  return createTransaction(
    body,
    [{ lock, path: 0, signers: [0], signatures, preimage: undefined }],
    CHAIN_ID,
  );
}

/** The same transaction with another signature: the txid is the same, the leaf is not. */
export function resigned(transaction: Transaction, byte: number): Transaction {
  const witnesses = transaction.witnesses.map((witness) => ({
    ...witness,
    signatures: witness.signatures.map((signature) => signature.map((one) => one ^ byte)),
  }));
  return createTransaction(transaction, witnesses, CHAIN_ID);
}

/** A block after another one; its root is that of the transactions unless another one is given. */
export function testBlock(
  { id: parent, header: { height } }: { readonly id: Hash; readonly header: Pick<Header, 'height'> },
  transactions: readonly Transaction[],
  changes: Partial<Header> = {},
): Block {
  const header: Header = {
    version: 1,
    height: height + 1,
    parent,
    timeMs: 1000 * (height + 1),
    producer: ZERO_HASH,
    txRoot: transactionRoot(transactions),
    receiptRoot: ZERO_HASH,
    stateRoot: ZERO_HASH,
    gasUsed: 0,
    baseFee: 0 as Header['baseFee'],
    seal: new Uint8Array(0),
    ...changes,
  };
  return createBlock(header, transactions);
}

/** A header with this seal is refused. */
export const BAD_SEAL: Uint8Array = Uint8Array.of(0xba);
/** A block with this state root has a good header and is invalid. */
export const BAD_STATE: Hash = new Uint8Array(32).fill(0xbd);
/** A transaction whose first output has this amount has a bad signature. */
export const BAD_SIGNATURE_AMOUNT = 66;

/** Something that was asked of a member's node and is answered in a later step. */
type Work =
  | { readonly kind: 'import'; readonly id: Hash; readonly bytes: Uint8Array; readonly from: string }
  | { readonly kind: 'submit'; readonly transactions: readonly Uint8Array[]; readonly from: string };

/** One node of a test network: a real relay over a chain and a pool that only keep what they are given. */
class RelayMember {
  readonly id: string;
  readonly relay: Relay;
  readonly pool = new Map<string, Transaction>();
  /** Transactions that can be spent from although they are not in the pool. */
  readonly confirmed = new Set<string>();
  readonly blocks = new Map<string, Block>();
  readonly nodes = new Map<string, BlockNode>();
  readonly invalid = new Set<string>();
  head: BlockNode;
  readonly punished: { readonly peer: string; readonly refusal: Refusal }[] = [];
  readonly behind: { readonly peer: string; readonly header: Header }[] = [];
  readonly imported: Hash[] = [];
  submitted = 0;
  isCaughtUp = true;
  /** The last height of which it is known who makes the block. */
  knownUpTo = Infinity;
  /** While it is true the pool takes only a transaction that comes with one after it, which may pay for it. */
  isPoolBusy = false;
  /** While it is true nothing asked of the node is answered. */
  isSlow = false;
  readonly peers = new Map<string, Peer>();
  readonly #net: RelayNet;
  readonly #work: Work[] = [];

  constructor(id: string, net: RelayNet) {
    this.id = id;
    this.#net = net;
    const { genesis } = net;
    this.head = { id: genesis.id, header: genesis.header, height: 0, weight: 0n };
    this.nodes.set(bytesKey(genesis.id), this.head);
    this.blocks.set(bytesKey(genesis.id), genesis);
    const host = this.#host(net.random.fork());
    const isCaughtUp = () => this.isCaughtUp;
    const parentMissing = (peer: Peer, header: Header) => void this.behind.push({ peer: peer.id, header });
    const punish = (peer: string, refusal: Refusal) => void this.punished.push({ peer, refusal });
    this.relay = new Relay({ host, punish, parentMissing, isCaughtUp });
  }

  /** Points that were held against a peer. */
  pointsOf(peer: string): number {
    return this.punished.reduce((sum, one) => sum + (one.peer === peer ? one.refusal.banPoints : 0), 0);
  }

  /** The rules that were held against a peer. */
  rulesOf(peer: string): string[] {
    return this.punished.filter((one) => one.peer === peer).map(({ refusal }) => refusal.rule);
  }

  has({ txid }: Pick<Transaction, 'txid'>): boolean {
    return this.pool.has(bytesKey(txid));
  }

  knows({ id }: Pick<Block, 'id'>): boolean {
    return this.nodes.has(bytesKey(id));
  }

  /** A transaction enters the pool, as one that a user hands in. */
  add(...transactions: readonly Transaction[]): void {
    for (const transaction of transactions) this.pool.set(bytesKey(transaction.txid), transaction);
    this.relay.transactionsAdded(this.#pooled(transactions), undefined, this.#net.nowMs);
  }

  #pooled(transactions: readonly Transaction[]): PooledTransactions {
    return { transactions, leaves: transactionLeaves(transactions, this.#net.hasher) };
  }

  /** The node makes a block of its own. */
  make(block: Block): void {
    this.#adopt(block);
  }

  receive(from: string, message: Message): void {
    const peer = this.peers.get(from);
    if (peer === undefined) return;
    const result = this.relay.handle(peer, message, this.#net.nowMs);
    if (!result.ok) this.punished.push({ peer: from, refusal: result.error });
  }

  /** Answers what was asked of the node. */
  work(): void {
    while (!this.isSlow && this.#work.length > 0) {
      const work = this.#work.shift() as Work;
      if (work.kind === 'import') this.#import(work);
      else this.#submit(work);
    }
  }

  #host(random: Random): RelayHost {
    const { hasher } = this.#net;
    const { pool } = this;
    return {
      random,
      chain: {
        chainId: CHAIN_ID,
        hasher,
        final: this.head,
        node: (id) => this.nodes.get(bytesKey(id)),
        block: (id) => {
          const value = this.blocks.get(bytesKey(id));
          assert(value !== undefined, 'a block that is stored');
          return { ok: true, value };
        },
        checkHeaderAfter: (header) => this.#checkHeader(header),
        weightOf: () => 1n,
        scanJoined: (bytes, joined) => scanJoinedBlock(bytes, joined, CHAIN_ID, hasher),
        sharedBlock: () => undefined,
      },
      mempool: {
        has: (txid) => this.pool.has(bytesKey(txid)),
        get: (txid) => this.pool.get(bytesKey(txid)),
        get size() {
          return pool.size;
        },
      },
      importBlock: ({ id, bytes }, from) => void this.#work.push({ kind: 'import', id, bytes, from }),
      submit: (transactions, from) => void this.#work.push({ kind: 'submit', transactions, from }),
      send: (peer, message) => this.#net.send(this.id, peer, message),
      wake: (atMs) => this.#net.wake(this.id, atMs),
    };
  }

  #checkHeader(header: Header): Result<undefined> {
    if (this.invalid.has(bytesKey(headerId(header)))) return refuseTest('chain/block-invalid');
    const { nowMs } = this.#net;
    if (header.timeMs > nowMs) {
      return refuseTest('chain/time-early', { got: header.timeMs, expected: nowMs });
    }
    if (header.height > this.knownUpTo) return refuseTest('chain/validators-unknown');
    return header.seal.length > 0 ? refuseTest('consensus/seal-invalid') : OK;
  }

  #import({ id, bytes, from }: Extract<Work, { kind: 'import' }>): void {
    const block = parseBlock(bytes, CHAIN_ID);
    assert(block.ok, 'relay hands over blocks that can be read');
    const root = bytesKey(transactionRoot(block.value.transactions));
    assert(root === bytesKey(block.value.header.txRoot), 'relay hands over the transactions of the header');
    this.imported.push(id);
    const isGood = bytesKey(block.value.header.stateRoot) !== bytesKey(BAD_STATE);
    if (isGood) this.#adopt(block.value);
    else this.invalid.add(bytesKey(id));
    this.relay.blockDone(id, from, isGood ? OK : refuseTest('block/state-root-mismatch'));
  }

  #adopt(block: Block): void {
    const { id, header } = block;
    const parent = this.nodes.get(bytesKey(header.parent));
    assert(parent !== undefined, 'a block after a known one');
    const node: BlockNode = { id, header, height: header.height, weight: parent.weight + 1n };
    this.nodes.set(bytesKey(id), node);
    this.blocks.set(bytesKey(id), block);
    for (const { txid } of block.transactions) {
      this.pool.delete(bytesKey(txid));
      this.confirmed.add(bytesKey(txid));
    }
    if (node.weight <= this.head.weight) return;
    this.head = node;
    const batch = { puts: [], deletes: [] };
    const update = { kind: 'head', removed: [], added: [block], batch, finalised: [] } as const;
    this.relay.headMoved(update, true, this.#net.nowMs);
  }

  #submit({ transactions, from }: Extract<Work, { kind: 'submit' }>): void {
    this.submitted += transactions.length;
    const added: Transaction[] = [];
    const verdicts = transactions.map((bytes, i): SubmitVerdict => {
      const parsed = parseTransaction(bytes, CHAIN_ID);
      if (!parsed.ok) return { txid: undefined, accepted: false, refusal: parsed.error };
      const { txid } = parsed.value;
      const refused = this.#judge(parsed.value, i < transactions.length - 1);
      if (!refused.ok) return { txid, accepted: false, refusal: refused.error };
      this.pool.set(bytesKey(txid), parsed.value);
      added.push(parsed.value);
      return { txid, accepted: true };
    });
    if (added.length > 0) this.relay.transactionsAdded(this.#pooled(added), from, this.#net.nowMs);
    this.relay.transactionsDone(from, verdicts, this.#net.nowMs);
  }

  /** @param hasChild - another transaction follows, which is taken to pay for this one */
  #judge({ txid, inputs, outputs }: Transaction, hasChild: boolean): Result<undefined> {
    if (this.pool.has(bytesKey(txid))) return refuseTest('mempool/known');
    if (outputs[0]?.amount === BAD_SIGNATURE_AMOUNT) return refuseTest('tx/signature-invalid');
    const isMissing = inputs.some((input) => {
      const key = bytesKey(input.txid);
      return this.#net.made.has(key) && !this.pool.has(key) && !this.confirmed.has(key);
    });
    if (isMissing) return refuseTest('tx/coin-missing');
    return this.isPoolBusy && !hasChild ? refuseTest('mempool/fee-too-low') : OK;
  }
}

/** What arrives in place of a message, each after its delay; undefined for the usual. */
export type LinkFault = (
  from: string,
  to: string,
  message: Message,
) => readonly { readonly message: Message; readonly delayMs: number }[] | undefined;

/** Relays joined by links of 50 ms, on a clock that moves when told. Every message goes over the wire format. */
export class RelayNet {
  readonly genesis: Block = testBlock({ id: ZERO_HASH, header: { height: -1 } }, []);
  readonly random: Random;
  readonly hasher: BatchHasher = createPlainHasher();
  readonly members = new Map<string, RelayMember>();
  /** Transactions that were made for this network: to spend from one of them it must be there. */
  readonly made = new Set<string>();
  /** Bytes that were sent, by kind. */
  readonly bytes = new Map<Message['kind'], number>();
  /** Messages that were sent, in order. */
  readonly log: { readonly from: string; readonly to: string; readonly message: Message }[] = [];
  nowMs = 1_000_000;
  fault: LinkFault | undefined;
  #events: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(seed = 1) {
    this.random = new Random(new Uint8Array(32).fill(seed));
  }

  member(id: string): RelayMember {
    let member = this.members.get(id);
    if (member === undefined) {
      member = new RelayMember(id, this);
      this.members.set(id, member);
    }
    return member;
  }

  /** Joins two members; the first one has dialled. */
  join(from: string, to: string, features: number = FEATURES.transactions | FEATURES.compactBlocks): void {
    this.#connect(this.member(from), this.member(to), 'outbound', features);
    this.#connect(this.member(to), this.member(from), 'inbound', features);
  }

  part(a: string, b: string): void {
    for (const [one, other] of [
      [this.member(a), b],
      [this.member(b), a],
    ] as const) {
      const peer = one.peers.get(other);
      one.peers.delete(other);
      if (peer !== undefined) one.relay.peerGone(peer, peer, this.nowMs);
    }
  }

  send(from: string, to: string, message: Message): void {
    this.log.push({ from, to, message });
    this.bytes.set(message.kind, (this.bytes.get(message.kind) ?? 0) + messageBytes(message));
    const arrivals = this.fault?.(from, to, message) ?? [{ message, delayMs: 50 }];
    for (const arrival of arrivals) this.#deliver(from, to, arrival);
  }

  wake(id: string, atMs: number): void {
    this.#at(atMs, () => this.member(id).relay.tick(this.nowMs));
  }

  /** Lets time pass. */
  run(ms: number): void {
    const endMs = this.nowMs + ms;
    for (const member of this.members.values()) member.work();
    while (true) {
      const next = this.#next(endMs);
      if (next === undefined) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
      for (const member of this.members.values()) member.work();
    }
    this.nowMs = endMs;
  }

  /** Makes transactions for this network. */
  transactions(random: SeededRandom, count: number): Transaction[] {
    return Array.from({ length: count }, () => this.remember(testTransaction(random)));
  }

  remember(transaction: Transaction): Transaction {
    this.made.add(bytesKey(transaction.txid));
    return transaction;
  }

  bytesOf(...kinds: readonly Message['kind'][]): number {
    return kinds.reduce((sum, kind) => sum + (this.bytes.get(kind) ?? 0), 0);
  }

  #deliver(from: string, to: string, { message, delayMs }: { message: Message; delayMs: number }): void {
    const parsed = parseMessage(encodeMessage(message));
    assert(parsed.ok, `a ${message.kind} that can be read`);
    this.#at(this.nowMs + delayMs, () => this.members.get(to)?.receive(from, parsed.value));
  }

  #connect(member: RelayMember, { id }: RelayMember, direction: Peer['direction'], features: number): void {
    const head = { id: this.genesis.id, height: 0, weight: 0n };
    const peer: Peer = {
      id,
      address: id,
      direction,
      connectedMs: this.nowMs,
      hello: {
        kind: 'hello',
        protocol: 1,
        chainId: CHAIN_ID,
        features,
        nonce: new Uint8Array(8),
        head,
        finalHeight: 0,
        timeMs: this.nowMs,
        agent: 'test',
        listen: [],
      },
      head,
      finalHeight: 0,
      toldHead: head.id,
      latencyMs: undefined,
    };
    member.peers.set(id, peer);
    member.relay.peerReady(peer, this.nowMs);
  }

  #at(atMs: number, run: () => void): void {
    this.#events.push({ atMs, run });
  }

  /** Takes the next event out; of equal times the one that was planned first. */
  #next(endMs: number): { readonly atMs: number; readonly run: () => void } | undefined {
    let best = -1;
    this.#events.forEach(({ atMs }, i) => {
      if (atMs <= endMs && (best < 0 || atMs < (this.#events[best]?.atMs ?? 0))) best = i;
    });
    return best < 0 ? undefined : this.#events.splice(best, 1)[0];
  }
}
