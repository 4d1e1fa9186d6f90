import type { Result } from '@calin/core/base/result.ts';
import { encodeMessage, kindOfFrame, type Message } from '@calin/core/p2p/messages/message.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { Lane, Network, NetworkEvent, PeerAddress, PeerId } from '@calin/core/ports/network.ts';
import { FrameTransport, type FrameTransportOptions } from './frame-transport.ts';
import { Traffic } from './traffic.ts';

/** What a network works with. */
export interface Libp2pNetworkDependencies {
  readonly log: Log;
  /** Takes what happens, from the start on. */
  event(event: NetworkEvent): void;
  /** Whether the machine at an address is refused before anything is said to it; nobody is when left out. */
  isBanned?(address: PeerAddress): boolean;
}

/**
 * The network port over libp2p: TCP and WebSocket, noise, yamux, two kept streams a peer.
 *
 * @see docs/decisions/0014-libp2p.md
 */
export class Libp2pNetwork implements Network {
  readonly traffic = new Traffic();
  readonly #event: (event: NetworkEvent) => void;
  /** What has happened and was not told yet. */
  #events: NetworkEvent[] = [];
  #isStopped = false;
  readonly #transport: FrameTransport;
  /** A message that goes to many peers is encoded once. */
  readonly #encoded = new WeakMap<Message, Uint8Array>();

  constructor(options: FrameTransportOptions, { log, event, isBanned }: Libp2pNetworkDependencies) {
    this.#event = event;
    this.#transport = new FrameTransport(options, {
      log,
      isBanned: (address) => isBanned?.(address) === true,
      events: {
        connected: (peer, address, direction) => this.#tell({ kind: 'connected', peer, address, direction }),
        disconnected: (peer, _why, broken) =>
          this.#tell({
            kind: 'disconnected',
            peer,
            ...(broken && { broken: broken.refusal, address: broken.address }),
          }),
        dialFailed: (address) => this.#tell({ kind: 'dial-failed', address }),
        discovered: (address, isOwners) => this.#tell({ kind: 'discovered', address, isOwners }),
        listening: (addresses) => this.#tell({ kind: 'listening', addresses }),
        frame: (peer, bytes) => {
          this.traffic.count('received', kindOfFrame(bytes) ?? 'unknown', bytes.length);
          this.#tell({ kind: 'frame', peer, bytes });
        },
      },
    });
  }

  /** Peers that are connected. */
  get peers(): number {
    return this.#transport.size;
  }

  /** Where this node can be dialled. */
  get listening(): readonly PeerAddress[] {
    return this.#transport.listening;
  }

  /** Opens the doors; `network/cannot-listen` when that fails, and everything is closed again. */
  start(): Promise<Result<undefined>> {
    return this.#transport.start();
  }

  dial(address: PeerAddress): void {
    this.#transport.dial(address);
  }

  send(peer: PeerId, message: Message, lane: Lane): void {
    const known = this.#encoded.get(message);
    const frame = known ?? encodeMessage(message);
    if (known === undefined) this.#encoded.set(message, frame);
    this.traffic.count('sent', message.kind, frame.length);
    this.#transport.send(peer, frame, lane);
  }

  close(peer: PeerId): void {
    this.#transport.close(peer);
  }

  /** Closes every connection and every door; nothing is told afterwards. */
  stop(): Promise<void> {
    this.#isStopped = true;
    return this.#transport.stop();
  }

  /** Everything is told in the order in which it happened, and never before the call that caused it has returned. */
  #tell(event: NetworkEvent): void {
    this.#events.push(event);
    if (this.#events.length === 1) queueMicrotask(() => this.#tellAll());
  }

  #tellAll(): void {
    const events = this.#events;
    this.#events = [];
    for (const event of events) if (!this.#isStopped) this.#event(event);
  }
}
