import {
  type CircuitRelayTransportComponents,
  circuitRelayTransport,
  RELAY_V2_HOP_CODEC,
} from '@libp2p/circuit-relay-v2';
import type { Connection, Libp2pEvents, Listener, Transport } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { NAMED_RELAY_MS_MAX, NAMED_RELAY_SWEEPS_MAX } from './limits.ts';
import { parseListenAddress } from './peer-address.ts';

const CIRCUIT = '/p2p-circuit';

/** What the log is told of the relays that the owner has named, each by its address to listen on. */
export interface NamedRelayEvents {
  /** A relay gives no place; told once until it gives one again. */
  away(address: string, why: string): void;
  /** A relay that was told to be away gives a place. */
  back(address: string): void;
}

/** How one relay is asked. */
export interface RelayAsker {
  /** Asks for a place; throws when there is none. */
  ask(): Promise<void>;
  /** Whether the node can be reached by the relay. */
  isHeld(): boolean;
}

/**
 * The places at relays that the owner has named (`RELAY/p2p-circuit`): asked for until they are there, and again when
 * they are lost. Left to itself libp2p asks once, at the start, and does not start without an answer.
 *
 * @see https://github.com/libp2p/js-libp2p/issues/3601
 */
export class NamedRelays {
  readonly #named: ReadonlySet<string>;
  readonly #events: NamedRelayEvents;
  readonly #places: RelayPlace[] = [];
  /** What the peer at the other end of a connection has said that it speaks. */
  readonly #spoken = new WeakMap<Connection, readonly string[]>();

  /** @param listen - all addresses to listen on; those of relays are picked out */
  constructor({ listen }: { readonly listen: readonly string[] }, events: NamedRelayEvents) {
    const isNamed = (address: string): boolean => address.endsWith(CIRCUIT) && address !== CIRCUIT;
    this.#named = new Set(listen.map(plainAddress).filter(isNamed));
    this.#events = events;
  }

  /** The transport of libp2p over relays, whose doors at named relays count as open while they are asked for. */
  transport(): (components: CircuitRelayTransportComponents) => Transport {
    const create = circuitRelayTransport();
    return (components) => {
      components.events.addEventListener('peer:identify', ({ detail }) => {
        this.#spoken.set(detail.connection, detail.protocols);
      });
      // A peer that opens a stream as only a relay does would have the node listen by it, and tell what it says are
      // addresses: by whom a node is reached its owner chooses.
      const listen = (): Promise<never> => Promise.reject(new Error('the owner has not named this relay'));
      const transportManager = Object.create(components.transportManager, { listen: { value: listen } });
      const transport = create(Object.create(components, { transportManager: { value: transportManager } }));
      const createListener = transport.createListener.bind(transport);
      transport.createListener = (options) => this.#keep(createListener(options), components);
      return transport;
    };
  }

  /** Asks the relays whose turn it is; to be called regularly. */
  sweep(): void {
    for (const place of this.#places) place.sweep();
  }

  /** Asks no more and tells nothing. */
  stop(): void {
    for (const place of this.#places) place.stop();
    this.#places.length = 0;
  }

  #keep(listener: Listener, components: CircuitRelayTransportComponents): Listener {
    const listen = listener.listen.bind(listener);
    listener.listen = (address) => {
      const text = address.toString();
      if (!this.#named.has(text)) return listen(address);
      const asker = this.#askerOf(address, () => listen(address), components);
      const place = new RelayPlace(text, asker, this.#events);
      this.#places.push(place);
      return place.ask();
    };
    return listener;
  }

  #askerOf(
    address: Multiaddr,
    listen: () => Promise<void>,
    { connectionManager, events, transportManager }: CircuitRelayTransportComponents,
  ): RelayAsker {
    let end: string | undefined;
    return {
      ask: async () => {
        const signal = AbortSignal.timeout(NAMED_RELAY_MS_MAX);
        const connection = await connectionManager.openConnection(address.decapsulate(CIRCUIT), { signal });
        end = `/p2p/${connection.remotePeer}${CIRCUIT}`;
        // Who was asked for a place without being a relay is not asked again by libp2p, even when it has become one.
        const spoken = this.#spoken.get(connection) ?? (await whatIsSpoken(connection, events, signal));
        if (!spoken.includes(RELAY_V2_HOP_CODEC)) throw new Error('it is no relay');
        await listen();
      },
      isHeld: () =>
        end !== undefined && transportManager.getAddrs().some((own) => own.toString().endsWith(String(end))),
    };
  }
}

/** Waits until a peer that has just been connected says what it speaks. */
function whatIsSpoken(
  connection: Connection,
  events: CircuitRelayTransportComponents['events'],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  const heard = ({ detail }: Libp2pEvents['peer:identify']): void => {
    if (detail.connection === connection) resolve(detail.protocols);
  };
  events.addEventListener('peer:identify', heard, { signal });
  signal.addEventListener('abort', () => reject(new Error('it does not say what it can do')), { once: true });
  return promise;
}

/** A place at one relay: asked for at once when it is lost, then in pauses that double up to a limit. */
export class RelayPlace {
  readonly #address: string;
  readonly #asker: RelayAsker;
  readonly #events: NamedRelayEvents;
  /** Sweeps until it is asked for again. */
  #sweepsLeft = 0;
  #pauseSweeps = 1;
  #isAsking = false;
  #isToldAway = false;
  #isStopped = false;

  constructor(address: string, asker: RelayAsker, events: NamedRelayEvents) {
    this.#address = address;
    this.#asker = asker;
    this.#events = events;
  }

  /** Asks if the place is not there and a pause is over. */
  sweep(): void {
    if (this.#isAsking) return;
    if (this.#asker.isHeld()) return this.#held();
    if (this.#sweepsLeft > 0) this.#sweepsLeft -= 1;
    else void this.ask();
  }

  /** Asks, and waits for the answer; never throws. */
  async ask(): Promise<void> {
    this.#isAsking = true;
    try {
      await this.#asker.ask();
      if (!this.#asker.isHeld()) throw new Error('it gave no address');
      this.#held();
    } catch (error) {
      this.#failed(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isAsking = false;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  #held(): void {
    this.#sweepsLeft = 0;
    this.#pauseSweeps = 1;
    if (!this.#isToldAway || this.#isStopped) return;
    this.#isToldAway = false;
    this.#events.back(this.#address);
  }

  #failed(why: string): void {
    this.#sweepsLeft = this.#pauseSweeps;
    this.#pauseSweeps = Math.min(this.#pauseSweeps * 2, NAMED_RELAY_SWEEPS_MAX);
    if (this.#isToldAway || this.#isStopped) return;
    this.#isToldAway = true;
    this.#events.away(this.#address, why);
  }
}

/** An address as libp2p writes it; what is none stays as it is, for libp2p to refuse. */
function plainAddress(text: string): string {
  const parsed = parseListenAddress(text);
  return parsed.ok ? parsed.value.toString() : text;
}
