import { assert } from '../base/assert.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { encodeBech32m, parseBech32m } from '../codec/bech32m.ts';
import { refuseCodec } from '../codec/rules.ts';
import { Writer } from '../codec/writer.ts';
import { hash } from '../crypto/hash.ts';
import type { PublicKey } from '../crypto/signature.ts';
import { type Lock, writeLock } from './lock.ts';

/** 32 bytes: the hash of a lock. Says nothing about the lock until a witness reveals it. */
export type Address = Uint8Array;

/** Of locks with several keys, which are half a kilobyte to hash: the pool and the block ask for the same lock. */
const addresses = new WeakMap<Lock, Address>();

/** The address of a lock. Nobody may write to it: the same lock is given the same array again. */
export function addressOf(lock: Lock): Address {
  if (lock.kind === 'key') return keyAddress(lock.publicKey);
  let address = addresses.get(lock);
  if (address === undefined) {
    const writer = new Writer(640);
    writeLock(writer, lock);
    address = hash('address', writer.finish());
    addresses.set(lock, address);
  }
  return address;
}

/** The bytes of a key lock, written in place: most addresses that are asked for are those of such locks. */
const keyLock = new Uint8Array(36);
keyLock[0] = 1;

/** The address of the lock that one key opens. */
export function keyAddress(publicKey: PublicKey): Address {
  assert(publicKey.length === 32, `${publicKey.length} bytes in a public key`);
  keyLock.set(publicKey, 4);
  return hash('address', keyLock);
}

/** The address as people see it: bech32m (BIP-350) with the network's prefix, such as `cal1…`. */
export function formatAddress(address: Address, prefix: string): string {
  return encodeBech32m(prefix, address);
}

/** Reads an address of the network with this prefix. Refuses by `codec/address`. */
export function parseAddress(text: string, prefix: string): Result<Address> {
  const parsed = parseBech32m(text);
  if (!parsed.ok) return parsed;
  if (parsed.value.prefix !== prefix)
    return refuseCodec('codec/address', { got: parsed.value.prefix, expected: prefix });
  if (parsed.value.bytes.length !== 32) {
    return refuseCodec('codec/address', { got: parsed.value.bytes.length, expected: 32 });
  }
  return ok(parsed.value.bytes);
}
