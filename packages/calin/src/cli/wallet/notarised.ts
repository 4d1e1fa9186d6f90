import type { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { concatBytes, equalBytes, fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { Reader } from '@calin/core/codec/reader.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import { parseStateProof, verifyStateProof } from '@calin/core/state/state-proof.ts';
import { storageKey, storageValueHash } from '@calin/core/state/storage.ts';
import { refuseCli } from '../rules.ts';

/** When a hash was notarised, and the block whose state proves it. */
export interface ProvedNotarisation {
  readonly height: number;
  readonly timeMs: number;
  readonly txid: string;
  readonly provedAt: { readonly height: number; readonly id: string };
}

/** Asks the node for the record of a hash and checks the proof here against the state root of the head. */
export async function proveNotarised(
  client: RpcClient,
  author: Address,
  hash: Uint8Array,
): Promise<Result<ProvedNotarisation>> {
  const namespace = NAMESPACE.data;
  const key = concatBytes(author, hash);
  const answer = await client.call('state_getProof', { namespace, key: toHex(key), at: 'head' });
  if (!answer.ok) return answer;
  const { header, value, proof } = answer.value;
  const parsed = parseStateProof(fromHex(proof));
  if (!parsed.ok) return parsed;
  const presence = verifyStateProof(
    fromHex(header.stateRoot),
    'storage',
    storageKey(namespace, key),
    parsed.value,
  );
  if (!presence.ok) return presence;
  if (!presence.value.present || value === null) {
    return refuseCli('cli/not-found', { hash: toHex(hash), why: 'the author has not notarised it' });
  }
  const record = fromHex(value);
  if (!equalBytes(presence.value.valueHash, storageValueHash({ namespace, value: record }))) {
    return refuseCli('cli/proof', { hash: toHex(hash), height: header.height });
  }
  const reader = new Reader(record);
  const timeMs = reader.u53();
  const height = reader.u32();
  const txid = toHex(reader.hash());
  return reader.finish({ height, timeMs, txid, provedAt: { height: header.height, id: header.id } });
}
