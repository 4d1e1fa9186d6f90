import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import { CHAIN_LIMITS, type ChainLimits } from '@calin/core/chain/limits.ts';
import { openChain } from '@calin/core/chain/open-chain.ts';
import type { StorageMode } from '@calin/core/chain/storage-mode.ts';
import { trailingHistoryIndex } from '@calin/core/history/history-index.ts';
import { SIGNATURES_CHECKED } from '@calin/core/ledger/transaction-signatures.ts';
import type { NodeConfig, ProductionConfig } from '@calin/core/node/config.ts';
import type { NodeRequest } from '@calin/core/node/events.ts';
import { Node } from '@calin/core/node/node.ts';
import { Runner, type RunnerPorts } from '@calin/core/node/runner.ts';
import type { P2pConfig } from '@calin/core/p2p/config.ts';
import type { BookShape } from '@calin/core/p2p/peers/bucket-places.ts';
import type { NetworkEvent, PeerId } from '@calin/core/ports/network.ts';
import { plainKernel } from '@calin/core/state/kernel.ts';
import type { Behaviour, Forward } from './byzantine/behaviour.ts';
import type { MachineAgenda } from './clock.ts';
import { SimCompute } from './compute.ts';
import { seedFor } from './dice.ts';
import type { SimKey } from './keys.ts';
import { type LinkEnd, type SimHost, Uplink } from './link.ts';
import { SimMiner } from './miner.ts';
import { NodeClock } from './node-clock.ts';
import { SimStore } from './store.ts';
import type { World } from './world.ts';

/** What one machine of a run is like. */
export interface MachineOptions {
  readonly name: string;
  /** From 1 on, and no other machine's. */
  readonly number: number;
  /** Index of its region. */
  readonly region: number;
  readonly uplinkBytesPerSecond: number;
  /** From a commit to the moment it is safe. */
  readonly syncUs: number;
  /** How far its clock is ahead. */
  readonly skewMs: number;
}

/** What the node on a machine does. */
export interface NodeOptions {
  /** Makes blocks with this key. */
  readonly key: SimKey | undefined;
  /** How fast it searches for blocks, where they take work; with a key only. */
  readonly hashesPerSecond?: number | undefined;
  /** Addresses that it knows from the start. */
  readonly bootstrap: readonly string[];
  /** Connections that it makes; as many as any node when left out. */
  readonly outboundPeers?: number | undefined;
  readonly mode: StorageMode;
  readonly checkpointBlocks: number;
  readonly mempoolBytesMax: number;
}

/**
 * What simulated chains keep of the recent past: enough for reorganisations and peers that are a little behind, and
 * little where there are thousands of them.
 */
const SIM_CHAIN_LIMITS: ChainLimits = { ...CHAIN_LIMITS, recentStatesMax: 16, undoBlocks: 16 };

/** An address book for some dozens of addresses: thousands of large ones do not fit into one process. */
const BOOK_SHAPE: BookShape = { newBuckets: 4, triedBuckets: 2, slots: 8 };

/** A machine with a node on it: the real node and runner, between virtual ports. */
export class SimNode implements SimHost {
  readonly machine: MachineOptions;
  readonly part: number;
  readonly agenda: MachineAgenda;
  readonly uplink: Uplink;
  readonly ends = new Map<PeerId, LinkEnd>();
  readonly clock: NodeClock;
  epoch = 0;
  /** What it does that does not follow the protocol. */
  behaviour: Behaviour | undefined;
  readonly #options: NodeOptions;
  readonly #world: World;
  #store: SimStore;
  #compute: SimCompute | undefined;
  #miner: SimMiner | undefined;
  #runner: Runner | undefined;
  #isUp = false;

  constructor(machine: MachineOptions, options: NodeOptions, world: World) {
    this.machine = machine;
    this.uplink = new Uplink(machine.uplinkBytesPerSecond);
    this.#options = options;
    this.#world = world;
    this.part = world.partOf(machine.region);
    this.agenda = world.clock.agenda(machine.number);
    this.clock = new NodeClock(this.agenda, world.spec.genesisTimeMs, machine.skewMs);
    this.#store = new SimStore({ syncUs: machine.syncUs }, { clock: this.agenda, shared: world.records });
    world.network.add(this);
  }

  get name(): string {
    return this.machine.name;
  }

  get number(): number {
    return this.machine.number;
  }

  get region(): number {
    return this.machine.region;
  }

  /** What it makes blocks with. */
  get key(): SimKey | undefined {
    return this.#options.key;
  }

  /** True when it works in this part of the run; in others it is only known whether it is on. */
  get isHere(): boolean {
    return this.part === this.#world.part;
  }

  /** True while the machine is on. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** The node, while the machine is on, in the part of the run in which it works. */
  get node(): Node | undefined {
    return this.#runner?.node;
  }

  /** What is, or will be found, on its disk. */
  get store(): SimStore {
    return this.#store;
  }

  /** Switches the machine on: the node opens its chain and joins the network. */
  start(): void {
    assert(!this.#isUp, `${this.name} is on already`);
    this.#isUp = true;
    this.epoch += 1;
    if (!this.isHere) return;
    const compute = new SimCompute(this.agenda, this.#world.verdicts);
    this.#compute = compute;
    this.#runner = new Runner(this.#openNode(), this.#ports(compute));
    this.#world.network.attach(this);
    this.#runner.dispatch({ type: 'start' });
    this.receive({ kind: 'listening', addresses: [this.name] });
    for (const address of this.#options.bootstrap)
      this.receive({ kind: 'discovered', address, isOwners: true });
  }

  /** Cuts the power. What was not safe on its disk may be lost, and its peers hear of it later. */
  crash(): void {
    assert(this.#isUp, `${this.name} is off already`);
    this.#isUp = false;
    if (!this.isHere) return;
    this.#runner = undefined;
    this.clock.close();
    this.#compute?.close();
    this.#miner?.stop();
    this.#world.network.detach(this);
    this.#store = this.#store.crash(this.#world.dice(`crash ${this.name} ${this.epoch}`));
    this.say('machine', 'power cut');
  }

  /** Asks the node for something; refused when it is off. */
  request(request: NodeRequest, done: (result: Result<unknown>) => void): void {
    this.#runner?.request(request, done);
  }

  accepts(): boolean {
    return this.#runner !== undefined;
  }

  receive(event: NetworkEvent): void {
    this.#runner?.dispatch({ type: 'network', event });
    // Votes and blocks come from others; what a node does alone is seen with the next message.
    if (this.node !== undefined) this.#world.measures.final(this, this.node.chain);
  }

  /** Writes a line about this machine to the log of the run. */
  say(part: string, message: string, fields: Readonly<Record<string, string | number | boolean>> = {}): void {
    if (!this.isHere) return;
    this.#world.log.write(this.agenda.nowUs, this, { level: 'info', part, message, fields });
  }

  #openNode(): Node {
    const { spec, consensus, blocks, verdicts } = this.#world;
    const { mode, checkpointBlocks, mempoolBytesMax } = this.#options;
    const store = this.#store;
    const opening = openChain(
      { spec, checkpointBlocks, mode, limits: SIM_CHAIN_LIMITS },
      {
        store,
        consensus,
        verify: SIGNATURES_CHECKED,
        verifySeal: verdicts.verify,
        kernel: plainKernel,
        index: trailingHistoryIndex,
        shared: blocks,
      },
    );
    let step = opening.next();
    while (step.done !== true) step = opening.next();
    const opened = step.value;
    assert(opened.ok, opened.ok ? '' : `${this.name} does not open: ${opened.error.rule}`);
    const { chain, batch } = opened.value;
    if (batch.puts.length > 0) store.commit(batch, () => {});
    const config: NodeConfig = {
      production: this.#production(),
      index: false,
      mempoolBytesMax,
      checkpointBlocks,
      p2p: this.#p2p(),
    };
    return new Node({ spec, config }, { chain, consensus, store, coins: undefined });
  }

  #p2p(): P2pConfig {
    const { seed } = this.#world;
    const { outboundPeers } = this.#options;
    return {
      // A machine that starts again throws other dice than before.
      seed: seedFor(seed, `node ${this.name} ${this.epoch}`),
      agent: 'calin-sim',
      peers: { bookShape: BOOK_SHAPE, ...(outboundPeers === undefined ? {} : { outboundPeers }) },
    };
  }

  #production(): ProductionConfig {
    const { key } = this.#options;
    if (key === undefined) return { kind: 'off' };
    return { kind: 'interval', intervalMs: 0, publicKey: key.publicKey, payTo: key.address };
  }

  #ports(compute: SimCompute): RunnerPorts {
    const { network, log, measures, signatures } = this.#world;
    const clock = this.agenda;
    const { key, hashesPerSecond } = this.#options;
    const dice = this.#world.dice(`nonces ${this.name} ${this.epoch}`);
    this.#miner =
      hashesPerSecond === undefined ? undefined : new SimMiner(hashesPerSecond, { clock, dice, measures });
    return {
      clock: this.clock,
      store: this.#store,
      compute,
      signer: key && {
        publicKey: key.publicKey,
        sign: (message, done) => done(signatures.sign(message, key.secretKey)),
        prove: (input, done) => done(signatures.prove(key.secretKey, input)),
      },
      miner: this.#miner,
      log: { write: (entry) => log.write(clock.nowUs, this, entry) },
      notify: (notification) => {
        if (notification.kind === 'head') {
          measures.head(this, notification.head, notification.reverted);
        }
      },
      dead: (reason) => {
        this.say('machine', 'node ended', { rule: reason?.rule ?? 'none' });
      },
      network: {
        dial: (address) => network.dial(this, address),
        send: (peer, message, lane) => {
          const { behaviour } = this;
          if (behaviour === undefined) return network.send(this, peer, message, lane);
          const forward: Forward = (said, on) => network.send(this, peer, said, on);
          behaviour.send(peer, message, lane, forward);
        },
        close: (peer) => network.close(this, peer),
      },
    };
  }
}
