import { ok, type Result } from '@calin/core/base/result.ts';
import { peerIdFromString } from '@libp2p/peer-id';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { refuseAdapter } from '../../rules.ts';
import { ADDRESS_CHARACTERS_MAX } from './limits.ts';

/** An address that can be dialled. */
export interface DialTarget {
  readonly address: Multiaddr;
  /** The peer that has to prove itself there. */
  readonly peer: string;
}

/**
 * Reads an address such as `/ip4/192.0.2.7/tcp/8646/p2p/12D3KooW…`. The peer's id has to be its end: without it nobody
 * would know whether the right node answered.
 *
 * @returns the address, or `network/address`
 * @see https://github.com/multiformats/multiaddr
 */
export function parsePeerAddress(text: string): Result<DialTarget> {
  if (text.length > ADDRESS_CHARACTERS_MAX) return refuseAddress(text, 'it is too long');
  const parsed = parseListenAddress(text);
  if (!parsed.ok) return parsed;
  const last = parsed.value.getComponents().at(-1);
  const peer = last?.name === 'p2p' ? readPeerId(last.value) : undefined;
  if (peer === undefined) return refuseAddress(text, 'it does not end in /p2p/ and the id of a peer');
  return ok({ address: parsed.value, peer });
}

/**
 * Reads an address to listen on, such as `/ip4/127.0.0.1/tcp/0`, or refuses it by `network/address`. A relay to listen
 * by has its id, for the same reason as a peer that is dialled.
 */
export function parseListenAddress(text: string): Result<Multiaddr> {
  try {
    const address = multiaddr(text);
    const [relay, last] = address.getComponents().slice(-2);
    const isNameless = last?.name === 'p2p-circuit' && relay?.name !== 'p2p';
    if (isNameless) return refuseAddress(text, 'the address of the relay does not end in /p2p/ and its id');
    return ok(address);
  } catch (error) {
    return refuseAddress(text, error instanceof Error ? error.message : String(error));
  }
}

/** An address with its peer's id at the end, or undefined for one that is too long to be told. */
export function formatPeerAddress(address: Multiaddr, peer: string): string | undefined {
  const last = address.getComponents().at(-1);
  const isComplete = last?.name === 'p2p' && last.value === peer;
  const text = isComplete ? address.toString() : `${address.toString()}/p2p/${peer}`;
  return text.length > ADDRESS_CHARACTERS_MAX ? undefined : text;
}

/**
 * The id of a peer in the one way of writing it that the transport knows, of several; undefined for what is none.
 */
export function readPeerId(text = ''): string | undefined {
  try {
    return peerIdFromString(text).toString();
  } catch {
    return undefined;
  }
}

function refuseAddress(text: string, why: string): Result<never> {
  return refuseAdapter('network/address', { got: text.slice(0, ADDRESS_CHARACTERS_MAX), why });
}
