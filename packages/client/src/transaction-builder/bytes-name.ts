import type { Outpoint } from '@calin/core/primitives/outpoint.ts';

/** Bytes as a map key, ordered like the bytes. */
export function bytesName(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** An outpoint as a map key. */
export function outpointName({ txid, index }: Outpoint): string {
  return `${bytesName(txid)}:${index}`;
}
