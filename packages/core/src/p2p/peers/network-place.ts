import type { PeerAddress, PeerId } from '../../ports/network.ts';
import { carriedIp, formatIp, type Ip, ipPrefix, isPublicIp, parseIp } from './ip.ts';

/**
 * What kind of place an address names. `public`: a number of the internet. `named`: a domain name. `private`: reached
 * from near by only. `plain`: no multiaddress but a bare name, as in a simulated network. `unknown`: none of these.
 */
export type PlaceKind = 'public' | 'named' | 'private' | 'plain' | 'unknown';

/** Where in the network an address is, for judging who may own it. */
export interface NetworkPlace {
  readonly kind: PlaceKind;
  /**
   * Addresses of one group probably have one owner, so they count as one where an owner must not have many: an IPv4
   * /16 or IPv6 /32 (of the relay, for a relayed address), all domain names together, because names cost nothing.
   * Private and plain addresses are a group each: nobody far away can own them.
   */
  readonly group: string;
  /** The number of a machine that is reached directly, for the owner's bans: those may name private networks too. */
  readonly ip: Ip | undefined;
  /**
   * The network of a machine on the internet as text: an IPv4 address alone, the 64 bits that a customer gets of IPv6.
   * A private number may name another machine tomorrow, so nothing is held against it.
   */
  readonly host: string | undefined;
}

/** An address as strangers may write it: printable ASCII of at most 256 characters. */
const ADDRESS = /^[\x21-\x7e]{1,256}$/;

const UNKNOWN: NetworkPlace = { kind: 'unknown', group: 'unknown', ip: undefined, host: undefined };

/** Reads the place of an address; never throws, whatever the text. */
export function networkPlace(address: PeerAddress): NetworkPlace {
  if (!ADDRESS.test(address)) return UNKNOWN;
  if (!address.startsWith('/')) return { kind: 'plain', group: address, ip: undefined, host: undefined };
  const [, protocol = '', value = ''] = address.split('/', 3);
  if (protocol === 'ip4' || protocol === 'ip6') return placeOfNumber(address, protocol, value);
  if (/^dns(?:addr|4|6)?$/.test(protocol) && value !== '') {
    return { kind: 'named', group: 'named', ip: undefined, host: undefined };
  }
  if (protocol === 'ip6zone')
    return { kind: 'private', group: endpointOf(address), ip: undefined, host: undefined };
  return UNKNOWN;
}

function placeOfNumber(address: PeerAddress, protocol: 'ip4' | 'ip6', value: string): NetworkPlace {
  const written = parseIp(value);
  if (written?.length !== (protocol === 'ip4' ? 4 : 16)) return UNKNOWN;
  const ip = carriedIp(written);
  // Whoever is reached through a relay is not the machine that the number names.
  const isDirect = !address.includes('/p2p-circuit');
  if (!isPublicIp(ip)) {
    return { kind: 'private', group: endpointOf(address), ip: isDirect ? ip : undefined, host: undefined };
  }
  const group = formatIp(ipPrefix(ip, ip.length === 4 ? 16 : 32));
  if (!isDirect) return { kind: 'public', group, ip: undefined, host: undefined };
  return { kind: 'public', group, ip, host: formatNetwork(ip, hostBits(ip)) };
}

/** The address without the peer at its end: one endpoint, whoever is said to answer there. */
export function endpointOf(address: PeerAddress): string {
  const at = address.lastIndexOf('/p2p/');
  return at > 0 ? address.slice(0, at) : address;
}

/**
 * The names by which something is remembered of a peer: its id, and its machine when that has a public address, because
 * a new id costs nothing. See decision 0018.
 */
export function namesOf(peer: PeerId, place: Pick<NetworkPlace, 'host'> | undefined): readonly string[] {
  return place?.host === undefined ? [peer] : [peer, place.host];
}

/** The peer that an address names: what follows the last `/p2p/`, or all of a bare name; undefined without one. */
export function peerOf(address: PeerAddress): PeerId | undefined {
  if (!address.startsWith('/')) return address;
  const at = address.lastIndexOf('/p2p/');
  const peer = at < 0 ? '' : address.slice(at + 5);
  return peer === '' || peer.length > 64 || peer.includes('/') ? undefined : peer;
}

/**
 * True when a peer at `source` may speak of an address: of the internet always, of private places and bare names only
 * when it is in one itself. Otherwise a stranger could have us knock on the doors of our own network.
 */
export function maySpeakOf(source: PlaceKind, kind: PlaceKind): boolean {
  if (kind === 'public' || kind === 'named') return true;
  return kind !== 'unknown' && kind === source;
}

/** Bits of the network that one customer has. */
function hostBits(ip: Ip): number {
  return ip.length === 4 ? 32 : 64;
}

/** A network as text, such as `5.6.0.0/16`. */
export function formatNetwork(ip: Ip, bits: number): string {
  return `${formatIp(ipPrefix(ip, bits))}/${bits}`;
}

/** The network of a text such as `5.6.0.0/16` or `5.6.7.8` in its one canonical form, or undefined. */
export function parseNetwork(text: string): { readonly ip: Ip; readonly bits: number } | undefined {
  const [number = '', length, ...rest] = text.split('/', 3);
  const written = parseIp(number);
  if (written === undefined || rest.length > 0) return undefined;
  const bitsMax = 8 * written.length;
  if (length === undefined) {
    const ip = carriedIp(written);
    return { ip, bits: hostBits(ip) };
  }
  if (!/^[1-9][0-9]{0,2}$/.test(length) || Number(length) > bitsMax) return undefined;
  return { ip: ipPrefix(written, Number(length)), bits: Number(length) };
}
