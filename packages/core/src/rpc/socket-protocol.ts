/** The protocol that WebSockets of a node speak (RFC 6455, 1.9). It need not be asked for. */
export const SOCKET_PROTOCOL = 'calin';

/** Before a key among the protocols that are offered. */
const KEY_PREFIX = 'calin.key.';

/**
 * The protocols to offer when a WebSocket is opened with a key of the API. Browsers let a page add no header, but name
 * protocols; the server answers with the first of them alone, so that the key does not come back.
 */
export function socketProtocols(key: string): string[] {
  return [SOCKET_PROTOCOL, `${KEY_PREFIX}${key}`];
}

/** The key among the protocols that a client offers, as the header `sec-websocket-protocol` lists them. */
export function readSocketKey(header: string): string | undefined {
  const offered = header.split(',').map((protocol) => protocol.trim());
  return offered.find((protocol) => protocol.startsWith(KEY_PREFIX))?.slice(KEY_PREFIX.length);
}
