import type { PeerAddress } from '../../ports/network.ts';
import { encodeAddresses, parseAddresses } from './address-records.ts';
import { ANCHORS_MAX } from './limits.ts';
import type { RecordHost } from './record-host.ts';

const KEY = 'anchors';

/**
 * The outbound peers that are dialled first after a restart: whoever has filled the address book with lies gains
 * nothing by making the node restart. After Heilman et al. 2015, countermeasure 5 ("anchor connections").
 */
export class Anchors {
  readonly #host: RecordHost;
  #addresses: readonly PeerAddress[] = [];

  constructor(host: RecordHost) {
    this.#host = host;
    const bytes = host.load(KEY);
    const parsed = bytes === undefined ? undefined : parseAddresses(bytes, ANCHORS_MAX);
    if (parsed?.ok === false) host.log('warn', 'saved anchors cannot be read', { rule: parsed.error.rule });
    if (parsed?.ok === true) this.#addresses = parsed.value;
  }

  /** The anchors, best first. */
  get addresses(): readonly PeerAddress[] {
    return this.#addresses;
  }

  /** Puts the peers that have proved themselves, oldest connection first, before the anchors there were. */
  update(proved: readonly PeerAddress[]): void {
    const next = [...new Set([...proved, ...this.#addresses])].slice(0, ANCHORS_MAX);
    if (next.join('\n') === this.#addresses.join('\n')) return;
    this.#addresses = next;
    this.#host.save(KEY, encodeAddresses(next));
  }

  /** Lets go of an address that leads to another chain or to ourselves. */
  forget(address: PeerAddress): void {
    if (!this.#addresses.includes(address)) return;
    this.#addresses = this.#addresses.filter((anchor) => anchor !== address);
    this.#host.save(KEY, this.#addresses.length === 0 ? undefined : encodeAddresses(this.#addresses));
  }
}
