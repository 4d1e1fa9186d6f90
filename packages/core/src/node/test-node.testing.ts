import { assert } from '../base/assert.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { Chain } from '../chain/chain.ts';
import { CHAIN_LIMITS, type ChainLimits } from '../chain/limits.ts';
import { openChain } from '../chain/open-chain.ts';
import { StagedBatch } from '../chain/staged-batch.ts';
import type { StorageMode } from '../chain/storage-mode.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { parseCompact } from '../consensus/pow/compact-target.ts';
import { searchNonce } from '../consensus/pow/search-nonce.ts';
import { sign, type VerifySignature, verifySignature } from '../crypto/signature.ts';
import { signatureRecordCount, unpackSignatureCheck } from '../crypto/signature-records.ts';
import { proveVrf } from '../crypto/vrf.ts';
import { catchUpHistory } from '../history/catch-up.ts';
import { trailingHistoryIndex } from '../history/history-index.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { SIGNATURES_CHECKED } from '../ledger/transaction-signatures.ts';
import type { P2pConfig } from '../p2p/config.ts';
import type { LogEntry } from '../ports/log.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { WorkDone } from '../ports/miner.ts';
import type { Network } from '../ports/network.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { type Kernel, plainKernel } from '../state/kernel.ts';
import { CoinIndex } from './coin-index.ts';
import type { ProductionConfig } from './config.ts';
import type { Notification } from './effects.ts';
import type { NodeRequest } from './events.ts';
import { Node } from './node.ts';
import { NodeQueries } from './queries.ts';
import { Runner } from './runner.ts';

/** Test key 0 makes the blocks, and is paid for it. */
export const AUTHORITY = testKey(0);

/** What a test node is made of; everything may be left out but the spec. */
export interface TestNodeOptions {
  /** Keeps the index of transactions and addresses, and that of coins; it does when left out. `late`: makes them. */
  readonly index?: boolean | 'late';
  readonly spec: ChainSpec;
  readonly store?: MemoryStore;
  readonly production?: ProductionConfig;
  readonly nowMs?: number;
  /** An archive on development networks and full on others when left out. */
  readonly storage?: StorageMode;
  readonly limits?: Partial<ChainLimits>;
  /** Another kernel than the reference. */
  readonly kernel?: Kernel;
  /** What the compute port says of every signature; `by rule` for a port that looks at them. */
  readonly signaturesValid?: boolean | 'by rule';
  /** Checks seals, for tests with many nodes; by the rule when left out. */
  readonly verifySeal?: VerifySignature;
  /** How the signer seals; undefined for a signer that fails. */
  readonly sign?: (message: Uint8Array) => Uint8Array | undefined;
  /** How the signer proves what it draws; undefined for a signer that fails. */
  readonly prove?: (input: Uint8Array) => Uint8Array | undefined;
  /** Its part in a network, and the door to it; without both there is none. */
  readonly p2p?: P2pConfig;
  readonly network?: Network;
}

/** A node on a memory store, with a clock that stands still until it is moved. */
export class TestNode {
  readonly node: Node;
  readonly runner: Runner;
  readonly queries: NodeQueries;
  /** Of the checkpoint that it started from; 0 for none. */
  readonly checkpointHeight: number;
  readonly store: MemoryStore;
  readonly notifications: Notification[] = [];
  readonly logs: LogEntry[] = [];
  /** How many signatures each request to the compute port had. */
  readonly signaturesAsked: number[] = [];
  /** The search that runs, and how many hashes were tried for it; it goes on when the clock moves. */
  mining: { readonly message: Uint8Array; readonly bits: number; attempts: number } | undefined;
  /** While it is true the compute port is too slow to ever answer. */
  holdsSignatures = false;
  readonly #heldSignatures: (() => void)[] = [];
  #report: (done: WorkDone) => void = () => {};
  /** Set once the node is dead: its reason, or null after a clean stop. */
  death: Refusal | null | undefined;
  nowMs: number;
  readonly #timers = new Map<string, { readonly atMs: number; readonly callback: () => void }>();

  constructor({
    spec,
    store = new MemoryStore(),
    production,
    nowMs,
    storage,
    limits,
    kernel = plainKernel,
    index = true,
    signaturesValid = true,
    verifySeal = verifySignature,
    p2p,
    network,
    sign: seal = (message) => sign(message, AUTHORITY.secretKey),
    prove = (input) => proveVrf(AUTHORITY.secretKey, input),
  }: TestNodeOptions) {
    this.nowMs = nowMs ?? spec.genesisTimeMs + 1000;
    this.store = store;
    const consensus = createConsensus(spec);
    const mode: StorageMode = storage ?? { kind: spec.dev ? 'archive' : 'full' };
    const options = { spec, checkpointBlocks: 5, mode, limits: { ...CHAIN_LIMITS, ...limits } };
    const dependencies = {
      store,
      consensus,
      verify: SIGNATURES_CHECKED,
      verifySeal,
      kernel,
      index: trailingHistoryIndex,
    };
    const opening = openChain(options, dependencies);
    let step = opening.next();
    while (step.done !== true) step = opening.next();
    assert(step.value.ok, step.value.ok ? '' : step.value.error.rule);
    const { chain, batch, checkpointHeight } = step.value.value;
    this.checkpointHeight = checkpointHeight;
    if (batch.puts.length > 0) store.commit(batch, () => {});
    if (index === true) indexHistory(chain, store);
    const config = {
      production: production ?? onTransaction,
      index: index === true,
      lateIndex: index === 'late' ? { low: 3, high: 4 } : undefined,
      mempoolBytesMax: 1_000_000,
      checkpointBlocks: 5,
      p2p,
    };
    const coins = index === true ? CoinIndex.of(chain.state.coins, { low: 1, high: 2 }) : undefined;
    this.node = new Node({ spec, config }, { chain, consensus, store, coins });
    this.queries = new NodeQueries(this.node);
    this.runner = new Runner(this.node, {
      clock: {
        nowMs: () => this.nowMs,
        setTimer: (name, atMs, callback) => this.#timers.set(name, { atMs, callback }),
        clearTimer: (name) => this.#timers.delete(name),
      },
      store,
      compute: {
        checkSignatures: (records, done) => {
          const valid = new Uint8Array(signatureRecordCount(records));
          this.signaturesAsked.push(valid.length);
          const isValid = (i: number) =>
            signaturesValid === 'by rule'
              ? verifySignature(unpackSignatureCheck(records, i))
              : signaturesValid;
          const answer = () => done(valid.map((_, i) => (isValid(i) ? 1 : 0)));
          if (this.holdsSignatures) this.#heldSignatures.push(answer);
          else answer();
        },
      },
      miner: {
        search: (message, bits, report) => {
          this.mining = { message, bits, attempts: 0 };
          this.#report = report;
        },
        stop: () => {
          this.mining = undefined;
        },
      },
      signer: {
        publicKey: AUTHORITY.publicKey,
        sign: (message, done) => done(seal(message)),
        prove: (input, done) => done(prove(input)),
      },
      log: { write: (entry) => this.logs.push(entry) },
      network,
      notify: (notification) => this.notifications.push(notification),
      dead: (reason) => {
        this.death = reason ?? null;
      },
    });
    this.runner.dispatch({ type: 'start' });
  }

  /** Lets the compute port answer, also what it was asked before. */
  releaseSignatures(): void {
    this.holdsSignatures = false;
    for (const answer of this.#heldSignatures.splice(0)) answer();
  }

  /** Asks and gives the answer, which must come without the clock moving by more than `withinMs`. */
  ask(request: NodeRequest, withinMs = 1000): Result<unknown> {
    let answer: Result<unknown> | undefined;
    this.runner.request(request, (result) => {
      answer = result;
    });
    for (let passed = 0; answer === undefined && passed < withinMs; passed++) this.advance(1);
    assert(answer !== undefined, `no answer to ${request.kind}`);
    return answer;
  }

  /** Tries so many nonces for the block that is searched for, and tells the node. */
  mine(attemptsMax: number): boolean {
    const { mining } = this;
    assert(mining !== undefined, 'nothing is searched for');
    const target = parseCompact(mining.bits) as bigint;
    const { attempts, nonce } = searchNonce(mining.message, target, mining.attempts, attemptsMax);
    mining.attempts += attempts;
    if (nonce !== undefined) this.mining = undefined;
    this.#report({ attempts, nonce });
    return nonce !== undefined;
  }

  /** Moves the clock and fires what is due. */
  advance(byMs: number): void {
    this.nowMs += byMs;
    for (const [name, { atMs, callback }] of [...this.#timers]) {
      if (atMs > this.nowMs) continue;
      this.#timers.delete(name);
      callback();
    }
  }
}

/** What a host does before it starts a node: the history may be some blocks behind after a crash. */
function indexHistory(chain: Chain, store: MemoryStore): void {
  const writes = new StagedBatch(store);
  const idAt = (height: number) => chain.idAt(height);
  const blockAt = (height: number) => chain.block(chain.idAt(height) as Uint8Array);
  const catchingUp = catchUpHistory(writes, { headHeight: chain.head.height, idAt, blockAt });
  let step = catchingUp.next();
  while (step.done !== true) step = catchingUp.next();
  assert(step.value.ok, step.value.ok ? '' : step.value.error.rule);
  if (writes.size > 0) store.commit(writes.finish(), () => {});
}

const onTransaction: ProductionConfig = {
  kind: 'on-transaction',
  intervalMs: 0,
  publicKey: AUTHORITY.publicKey,
  payTo: AUTHORITY.address,
};
