import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import type { ChainUpdate } from '../chain/chain-update.ts';
import type { Hash } from '../crypto/hash.ts';
import type { PooledTransactions, SubmitVerdict } from '../node/events.ts';
import type { NetworkEvent, PeerAddress, PeerId } from '../ports/network.ts';
import type { Block } from '../primitives/block.ts';
import { type Header, headerId } from '../primitives/header.ts';
import type { Budgets } from './budgets.ts';
import type { P2pConfig } from './config.ts';
import { VoteExchange } from './consensus/vote-exchange.ts';
import { Handshake } from './handshake.ts';
import type { P2pHost } from './host.ts';
import { LeftBudgets } from './left-budgets.ts';
import { type BudgetName, CONNECTIONS_MAX, HANDSHAKE_TIMEOUT_MS } from './limits.ts';
import type { HelloMessage } from './messages/control.ts';
import {
  familyOf,
  familyOfFrame,
  type Message,
  type MessageKind,
  messageBytes,
  parseMessage,
} from './messages/message.ts';
import type { P2pPart, PartDependencies } from './part.ts';
import type { Connection, Peer, PeerTable } from './peer.ts';
import type { Ban } from './peers/ban-records.ts';
import { namesOf, networkPlace } from './peers/network-place.ts';
import { PeersPart } from './peers/peers-part.ts';
import { Ping } from './ping.ts';
import { Relay } from './relay/relay.ts';
import { refuseP2p } from './rules.ts';
import { Snapshot } from './snapshot/snapshot.ts';
import { Status } from './status.ts';
import { Sync } from './sync/sync.ts';

/** A connection with what this node knows of it. */
interface Link {
  readonly connection: Connection;
  readonly budgets: Budgets;
  /** The names that its budgets are kept under when it ends. */
  readonly names: readonly string[];
  /** The last block that the peer has told of whose parent was not here. */
  stray: Hash | undefined;
  /** The head that this node's hello told of. */
  readonly toldHead: Hash;
  /** Undefined until the peer has said hello. */
  peer: Peer | undefined;
  /** Something else came before hello. */
  isEarly: boolean;
  /** It is closed at the end of this step. */
  isClosing: boolean;
}

/** How a connection ends: by the rule that was broken, and without a word when the peer said bye itself. */
interface Goodbye {
  readonly rule: string;
  readonly isSilent: boolean;
}

/**
 * What nodes say to one another, as a synchronous state machine: it is told what happens and the time, and acts through
 * its host. It shakes hands, keeps each peer to its budget and hands every message to the part that handles its kind;
 * what a part refuses is held against the peer. @see docs/reference/network.md
 */
export class P2p {
  /** Lets the chain begin at the state of a final block. */
  readonly snapshot: Snapshot;
  /** Brings the chain to the best one of the network. */
  readonly sync: Sync;
  /** Passes transactions and new blocks on. */
  readonly relay: Relay;
  /** Carries what engines that vote say to one another. */
  readonly votes: VoteExchange;
  readonly #host: P2pHost;
  readonly #handshake: Handshake;
  readonly #links = new Map<PeerId, Link>();
  readonly #peers = new Map<PeerId, Peer>();
  readonly #leftBudgets = new LeftBudgets();
  /** Whom the node is connected to, and whom it shuts out. */
  readonly connections: PeersPart;
  readonly #parts: readonly P2pPart[];
  readonly #ping: Ping;
  /** Peers to be closed at the end of this step: no part is told of it while it handles something else. */
  readonly #closing = new Map<PeerId, Goodbye>();
  #listen: readonly PeerAddress[] = [];
  #nowMs = 0;

  constructor(config: P2pConfig, host: P2pHost) {
    this.#host = host;
    this.#handshake = new Handshake(config, { host });
    const dependencies: PartDependencies = {
      host,
      peers: this.#peers,
      punish: (peer, refusal) => this.#punish(peer, refusal),
      parentMissing: (peer, header) => this.#parentMissing(peer, header),
      disconnect: (peer, refusal) => this.#disconnect(peer, refusal),
    };
    this.connections = new PeersPart(config.peers ?? {}, dependencies);
    this.snapshot = new Snapshot(config.snapshot ?? {}, dependencies);
    const isHeld = () => this.snapshot.isJoining;
    const knowsOthers = () => this.connections.book.known > 0;
    this.sync = new Sync(config.sync ?? {}, { ...dependencies, isHeld, knowsOthers });
    const isCaughtUp = () => this.sync.isCaughtUp;
    const { isMemoryReserved } = config;
    this.relay = new Relay({ ...dependencies, isCaughtUp, isMemoryReserved });
    this.votes = new VoteExchange(dependencies);
    this.#ping = new Ping(dependencies);
    const { connections, relay, snapshot, sync, votes } = this;
    // What relay tells of a new head leaves less to say for the status.
    this.#parts = [connections, this.#ping, relay, new Status(dependencies), snapshot, sync, votes];
  }

  /** The peers that have said hello. */
  get peers(): PeerTable {
    return this.#peers;
  }

  /** Where the node can be dialled. */
  get listening(): readonly PeerAddress[] {
    return this.#listen;
  }

  start(nowMs: number): void {
    this.#tell(nowMs, (part) => part.start?.(nowMs));
  }

  /** Says goodbye to everybody; nothing is to be told to it after this. */
  stop(nowMs: number): void {
    this.#tell(nowMs, (part) => part.stop?.(nowMs));
    for (const id of this.#links.keys()) this.#disconnect(id);
    this.#settle();
  }

  /** Takes what the network tells. */
  network(event: NetworkEvent, nowMs: number): void {
    this.#nowMs = nowMs;
    switch (event.kind) {
      case 'connected':
        this.#connected(event);
        break;
      case 'disconnected':
        if (event.broken !== undefined) this.#punish(event.peer, event.broken, event.address);
        this.#remove(event.peer);
        break;
      case 'frame':
        this.#frame(event.peer, event.bytes);
        break;
      case 'message':
        this.#arrived(event.peer, event.message, event.bytes ?? messageBytes(event.message));
        break;
      case 'listening':
        this.#listen = event.addresses;
        for (const part of this.#parts) part.transport?.(event, nowMs);
        break;
      default:
        for (const part of this.#parts) part.transport?.(event, nowMs);
    }
    this.#settle();
  }

  /** A time that was asked for by the host's `wake` has come. */
  tick(nowMs: number): void {
    if (this.#peers.size < this.#links.size) this.#endSilent(nowMs);
    this.#nowMs = nowMs;
    for (const part of this.#parts) part.tick?.(nowMs);
    this.#settle();
  }

  /** The node's best branch changed; `isOwn` for a block that this node made. */
  headMoved(update: ChainUpdate, isOwn: boolean, nowMs: number): void {
    this.#tell(nowMs, (part) => part.headMoved?.(update, isOwn, nowMs));
  }

  /** Transactions are new in the pool; `from` is undefined when no peer sent them. */
  transactionsAdded(added: PooledTransactions, from: PeerId | undefined, nowMs: number): void {
    this.#tell(nowMs, (part) => part.transactionsAdded?.(added, from, nowMs));
  }

  /**
   * The owner hands a block in: its header is good, its transactions are those of the header, and the node goes on to
   * check and execute it. {@link handedInDone} follows.
   */
  handedIn(block: Block, nowMs: number): void {
    this.#nowMs = nowMs;
    this.relay.handedIn(block, nowMs);
    this.#settle();
  }

  /** The verdict on a block that the owner has handed in. */
  handedInDone(id: Hash, result: Result<undefined>, nowMs: number): void {
    this.#nowMs = nowMs;
    this.relay.blockDone(id, undefined, result);
    this.#settle();
  }

  /** This node has made a block that is not its head: one of several that votes choose from. */
  madeAside(block: Block, nowMs: number): void {
    this.#nowMs = nowMs;
    this.relay.madeAside(block, nowMs);
    this.#settle();
  }

  /** Asks peers for a block that has to be here, whatever its weight. */
  wantBlock(id: Hash, nowMs: number): void {
    this.#nowMs = nowMs;
    this.relay.want(id);
    this.sync.want(id);
    this.#settle();
  }

  /** What the engine says goes to every peer but the one it came from. */
  broadcastVote(payload: Uint8Array, except: PeerId | undefined, nowMs: number): void {
    this.#nowMs = nowMs;
    this.votes.broadcast(payload, except, nowMs);
  }

  /** Holds against a peer what the node has found out about it. */
  punish(peer: PeerId, refusal: Refusal, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#punish(peer, refusal);
    this.#settle();
  }

  /** Answers the host's `importBlock`. */
  blockDone(id: Hash, from: PeerId, result: Result<undefined>, nowMs: number): void {
    this.#tell(nowMs, (part) => part.blockDone?.(id, from, result, nowMs));
  }

  /** Answers the host's `submit`. */
  transactionsDone(from: PeerId, verdicts: readonly SubmitVerdict[], nowMs: number): void {
    this.#tell(nowMs, (part) => part.transactionsDone?.(from, verdicts, nowMs));
  }

  /** Bans by hand, see {@link PeersPart.ban}, and closes what is banned. */
  ban(target: string, durationMs: number, nowMs: number): Result<Ban> {
    this.#nowMs = nowMs;
    const ban = this.connections.ban(target, durationMs, nowMs);
    this.#settle();
    return ban;
  }

  /** Gives up connections on which nobody said hello. */
  #endSilent(nowMs: number): void {
    for (const { connection, peer } of this.#links.values()) {
      const waitedMs = nowMs - connection.connectedMs;
      if (peer !== undefined || waitedMs < HANDSHAKE_TIMEOUT_MS) continue;
      this.#disconnect(connection.id, refuseP2p('p2p/handshake-timeout', { waitedMs }).error);
    }
  }

  #tell(nowMs: number, tell: (part: P2pPart) => void): void {
    this.#nowMs = nowMs;
    for (const part of this.#parts) tell(part);
    this.#settle();
  }

  #connected({ peer: id, address, direction }: Extract<NetworkEvent, { kind: 'connected' }>): void {
    const nowMs = this.#nowMs;
    assert(!this.#links.has(id), `a second connection to ${id}`);
    const connection: Connection = { id, address, direction, connectedMs: nowMs };
    const names = namesOf(id, networkPlace(address));
    this.#links.set(id, {
      connection,
      budgets: this.#leftBudgets.take(names, nowMs),
      names,
      stray: undefined,
      isEarly: false,
      toldHead: this.#host.chain.head.id,
      peer: undefined,
      isClosing: false,
    });
    const admitted = this.#admit(connection);
    if (!admitted.ok) return this.#disconnect(id, admitted.error);
    this.#host.send(id, this.#handshake.hello(this.#listen, nowMs));
    this.#host.wake(nowMs + HANDSHAKE_TIMEOUT_MS);
  }

  #admit(connection: Connection): Result<undefined> {
    if (this.#links.size > CONNECTIONS_MAX) return refuseP2p('p2p/too-many-connections');
    for (const part of this.#parts) {
      const admitted = part.admit?.(connection, this.#nowMs);
      if (admitted?.ok === false) return admitted;
    }
    return { ok: true, value: undefined };
  }

  #frame(id: PeerId, bytes: Uint8Array): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    const family = familyOfFrame(bytes);
    if (!link.budgets.take(family, bytes.length, this.#nowMs)) return this.#overBudget(id, family);
    const parsed = parseMessage(bytes);
    if (parsed.ok) this.#handle(link, parsed.value);
    else this.#punish(id, parsed.error);
  }

  #arrived(id: PeerId, message: Message, bytes: number): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    const family = familyOf(message.kind);
    if (link.budgets.take(family, bytes, this.#nowMs)) this.#handle(link, message);
    else this.#overBudget(id, family);
  }

  /** Tells the parts of a block that follows none of ours, unless its peer tells of too many that follow nothing. */
  #parentMissing(peer: Peer, header: Header): void {
    const link = this.#links.get(peer.id);
    const isStray = this.#host.chain.node(header.parent) === undefined;
    if (link !== undefined && isStray) {
      const isNext = link.stray !== undefined && equalBytes(header.parent, link.stray);
      link.stray = headerId(header);
      if (!isNext && !link.budgets.take('strays', 0, this.#nowMs)) return this.#overBudget(peer.id, 'strays');
    }
    for (const part of this.#parts) part.parentMissing?.(peer, header, this.#nowMs);
  }

  #overBudget(id: PeerId, family: BudgetName): void {
    this.#punish(id, refuseP2p('p2p/too-much', { family }).error);
  }

  #handle(link: Link, message: Message): void {
    if (link.isClosing) return;
    const { connection, peer } = link;
    if (message.kind === 'hello') return this.#hello(link, message);
    if (message.kind === 'bye') {
      this.#log(connection.id, 'peer says bye', { rule: message.rule });
      return this.#disconnect(connection.id, undefined, true);
    }
    if (peer === undefined) return this.#tooEarly(link);
    const part = this.#partFor(message.kind);
    if (part !== this.#ping) peer.isHeard = true;
    if (message.kind === 'status') {
      peer.head = message.head;
      peer.finalHeight = message.finalHeight;
      for (const part of this.#parts) part.headClaimed?.(peer, this.#nowMs);
      return;
    }
    const handled = part?.handle?.(peer, message, this.#nowMs);
    if (handled?.ok === false) this.#punish(connection.id, handled.error);
  }

  /**
   * The network may reorder, and a hello that is late lets many messages pass: they count once. Their number is bounded
   * by the budgets, and the wait for hello by its timeout.
   */
  #tooEarly(link: Link): void {
    if (link.isEarly) return;
    link.isEarly = true;
    this.#punish(link.connection.id, refuseP2p('p2p/hello-expected').error);
  }

  /** The part that handles messages of a kind; those of no part are ignored. */
  #partFor(kind: MessageKind): P2pPart | undefined {
    switch (kind) {
      case 'compact-block':
      case 'tx-announce':
      case 'tx-request':
      case 'transactions':
      case 'header-announce':
      case 'compact-request':
      case 'block-txs-request':
      case 'block-txs':
      case 'push-mode':
        return this.relay;
      case 'ping':
      case 'pong':
        return this.#ping;
      case 'peers-request':
      case 'peers':
        return this.connections;
      case 'headers-request':
      case 'headers':
      case 'bodies-request':
      case 'body':
      case 'bodies-missing':
        return this.sync;
      case 'snapshot-request':
      case 'snapshot-outline':
      case 'chunk-request':
      case 'chunk':
      case 'past-headers-request':
      case 'past-headers':
      case 'past-blocks-request':
      case 'past-record':
        return this.snapshot;
      case 'consensus':
      case 'certificate-request':
      case 'vote-announce':
      case 'vote-request':
        return this.votes;
      default:
        return undefined;
    }
  }

  #hello(link: Link, hello: HelloMessage): void {
    const { connection, peer } = link;
    if (peer !== undefined) {
      // The network may double a message.
      if (equalBytes(peer.hello.nonce, hello.nonce)) return;
      return this.#punish(connection.id, refuseP2p('p2p/hello-twice').error);
    }
    const checked = this.#handshake.check(hello);
    if (!checked.ok) {
      if (connection.direction === 'outbound') this.#tellStranger(connection, checked.error);
      this.#punish(connection.id, checked.error);
      return this.#disconnect(connection.id, checked.error);
    }
    const { head, finalHeight } = hello;
    const { toldHead } = link;
    const { id, address, direction, connectedMs } = connection;
    const ready: Peer = {
      id,
      address,
      direction,
      connectedMs,
      hello,
      head,
      finalHeight,
      toldHead,
      latencyMs: undefined,
      isHeard: false,
      relay: undefined,
    };
    link.peer = ready;
    this.#peers.set(ready.id, ready);
    this.#log(ready.id, 'peer ready', {
      agent: hello.agent,
      height: head.height,
      direction: ready.direction,
    });
    for (const part of this.#parts) {
      // Who was only to be looked at leaves again: no other part begins anything with it, such as a ping.
      if (link.isClosing) return;
      part.peerReady?.(ready, this.#nowMs);
    }
  }

  /** Whoever was dialled was thought to be of this chain, perhaps by the owner, who should hear that it is not. */
  #tellStranger({ address }: Connection, { rule, message }: Refusal): void {
    if (rule === 'p2p/self') return;
    this.#host.log('info', 'a node that was dialled is not one of ours', { address, rule, why: message });
  }

  #punish(id: PeerId, refusal: Refusal, address?: PeerAddress): void {
    const { rule, banPoints: points } = refusal;
    // Much is refused that is nobody's fault: it came too early, or too late.
    this.#log(id, points > 0 ? 'peer broke a rule' : 'refused what a peer sent', { rule, points });
    this.connections.punish(id, refusal, this.#nowMs, address);
  }

  #disconnect(id: PeerId, refusal?: Refusal, isSilent = false): void {
    const link = this.#links.get(id);
    if (link === undefined || link.isClosing) return;
    link.isClosing = true;
    this.#closing.set(id, { rule: refusal?.rule ?? '', isSilent });
  }

  /** Closes what was found to be closed; telling the parts may find more, but each connection only once. */
  #settle(): void {
    if (this.#closing.size === 0) return;
    for (const [id, { rule, isSilent }] of this.#closing) {
      this.#log(id, 'closed', { rule });
      if (!isSilent) this.#host.send(id, { kind: 'bye', rule });
      this.#host.close(id);
      this.#remove(id);
    }
    this.#closing.clear();
  }

  #remove(id: PeerId): void {
    const link = this.#links.get(id);
    if (link === undefined) return;
    this.#links.delete(id);
    this.#peers.delete(id);
    this.#leftBudgets.keep(link.names, link.budgets, this.#nowMs);
    const { connection, peer } = link;
    for (const part of this.#parts)
      if (part !== this.connections) part.peerGone?.(connection, peer, this.#nowMs);
    // The others may still hold something against it, for which its place has to be known.
    this.connections.peerGone(connection, peer, this.#nowMs);
  }

  #log(peer: PeerId, message: string, fields: Readonly<Record<string, string | number | boolean>>): void {
    this.#host.log('debug', message, { peer, ...fields });
  }
}
