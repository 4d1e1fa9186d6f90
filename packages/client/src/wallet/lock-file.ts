import { unreachable } from '@calin/core/base/assert.ts';
import { equalBytes, fromHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import { choice, integer, object, string } from '@calin/core/base/schema.ts';
import { addressOf, formatAddress, parseAddress } from '@calin/core/primitives/address.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { sortKeys } from '@calin/core/primitives/locks/key-set.ts';
import { type LockJson, lockJson, presentLock } from '@calin/core/rpc/json/lock.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';

/** Characters of a whole file: sixteen keys take some 1,200. */
const TEXT_LENGTH_MAX = 8192;

const fileSchema = object('A lock, which an address stands for.', {
  kind: choice('What the file is.', ['calin-lock']),
  version: integer('Version of the format.', 1, 1),
  address: string('Its address, bech32m.', { lengthMax: 90 }),
  lock: lockJson,
});

/**
 * The text of a lock: everybody who shall ever spend from its address needs it, since the address is only its hash.
 * There is no secret in it.
 *
 * @param prefix - of the network's addresses
 */
export function formatLockFile(lock: Lock, prefix: string): string {
  const address = formatAddress(addressOf(lock), prefix);
  const file = { kind: 'calin-lock', version: 1, address, lock: presentLock(lock) };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * Reads the text of a lock. Refuses by `wallet/lock-file`, by `wallet/lock` (see {@link lockOf}), and by
 * `codec/address` when the address is one of another network.
 */
export function parseLockFile(text: string, prefix: string): Result<Lock> {
  if (text.length > TEXT_LENGTH_MAX)
    return refuseWallet('wallet/lock-file', { got: text.length, expected: TEXT_LENGTH_MAX });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuseWallet('wallet/lock-file', { why: 'it is not JSON' });
  }
  const parsed = fileSchema.parse(json, 'file');
  if (!parsed.ok)
    return refuseWallet('wallet/lock-file', { ...parsed.error.evidence, why: parsed.error.message });
  const lock = lockOf(parsed.value.lock);
  if (!lock.ok) return lock;
  const address = parseAddress(parsed.value.address, prefix);
  if (!address.ok) return address;
  return equalBytes(address.value, addressOf(lock.value))
    ? lock
    : refuseWallet('wallet/lock-file', { why: 'the address is not the one of the lock' });
}

/**
 * A lock from its JSON; keys of a set may stand in any order. Refuses by `wallet/lock` when a key of a set stands
 * twice, or more keys must sign than there are.
 */
export function lockOf(json: LockJson): Result<Lock> {
  switch (json.kind) {
    case 'key':
    case 'multisig':
      return innerLockOf(json);
    case 'timelock': {
      const inner = innerLockOf(json.inner);
      return inner.ok
        ? ok({ kind: 'timelock', unit: json.unit, from: json.from, inner: inner.value })
        : inner;
    }
    case 'htlc':
      return ok({
        kind: 'htlc',
        sha256: fromHex(json.sha256),
        receiver: fromHex(json.receiver),
        sender: fromHex(json.sender),
        refundHeight: json.refundHeight,
      });
    case 'recoverable': {
      const { threshold, restBlocks } = json;
      const guardians = keySet(json.guardians, threshold);
      if (!guardians.ok) return guardians;
      const owner = fromHex(json.owner);
      return ok({ kind: 'recoverable', owner, threshold, guardians: guardians.value, restBlocks });
    }
    default:
      return unreachable(json);
  }
}

function innerLockOf(
  json: Extract<LockJson, { kind: 'key' | 'multisig' }>,
): Result<Extract<Lock, { kind: 'key' | 'multisig' }>> {
  if (json.kind === 'key') return ok({ kind: 'key', publicKey: fromHex(json.publicKey) });
  const { threshold } = json;
  const publicKeys = keySet(json.publicKeys, threshold);
  return publicKeys.ok ? ok({ kind: 'multisig', threshold, publicKeys: publicKeys.value }) : publicKeys;
}

function keySet(keys: readonly string[], threshold: number): Result<readonly Uint8Array[]> {
  const sorted = sortKeys(keys.map(fromHex));
  const twice = sorted.some((key, i) => i > 0 && equalBytes(key, sorted[i - 1] as Uint8Array));
  if (!twice && threshold <= sorted.length) return ok(sorted);
  return refuseWallet('wallet/lock', {
    got: threshold,
    expected: sorted.length,
    why: twice ? 'a key stands twice' : 'more keys must sign than there are',
  });
}
