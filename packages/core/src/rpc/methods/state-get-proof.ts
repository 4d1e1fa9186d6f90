import { fromHex, toHex } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { boolean, hex, type Infer, integer, nullable, object, optional } from '../../base/schema.ts';
import { assetKey } from '../../ledger/token.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import { STATE_PROOF_BYTES_MAX } from '../../state/state-proof.ts';
import { blockSelector, readBlockSelection } from '../json/block-selector.ts';
import { assetField, hashField, outpointJson, readOutpointJson } from '../json/fields.ts';
import { headerJson, presentHeader } from '../json/header.ts';
import { defineQuery } from '../method.ts';
import type { BlockAt, FoundProof, NodeView } from '../node-view.ts';
import { refuseRpc } from '../rules.ts';

/** Bytes of the longest key of a namespace: the author and the hash of a notarisation. */
const KEY_BYTES_MAX = 64;
/** Of an entry of the storage; a set of 1,024 validators has 41,000. */
const VALUE_BYTES_MAX = 65_536;

const params = object('What to prove, and in which state.', {
  coin: optional(outpointJson),
  token: optional(assetField('The record of this token.')),
  namespace: optional(integer('A namespace of the storage map; with key.', 0, 255)),
  key: optional(hex('The key within the namespace.', { bytesMax: KEY_BYTES_MAX })),
  ...blockSelector,
});

/** The proof of one key of the state. */
export const stateGetProof = defineQuery({
  name: 'state_getProof',
  summary: 'Proves that a coin, a token or any value is in the state, or that it is not.',
  description:
    'Give one of coin, token, or namespace with key; and the block after which the state is meant: the head when left out. Every node has the states of its last blocks, a node in archive mode those of all blocks; see storage in node_status. A state far back is worked out over several calls: after chain/state-far ask again. See docs/reference/state.md for how to check a proof against stateRoot of the header.',
  params,
  result: object('The proof.', {
    header: headerJson,
    key: hashField('The key in its map.'),
    present: boolean('False when it proves that there is nothing.'),
    value: nullable(hex('The record; null when there is none.', { bytesMax: VALUE_BYTES_MAX })),
    proof: hex('The encoded proof.', { bytesMax: STATE_PROOF_BYTES_MAX }),
  }),
  errors: [
    'rpc/block-selector',
    'rpc/proof-key',
    'node/no-state',
    'node/busy',
    'node/unknown-namespace',
    'chain/state-gone',
    'chain/state-far',
    'chain/state-too-far',
  ],
  example: { token: 0, at: 'head' },
  run(view, asked) {
    const at = readBlockSelection(asked);
    if (!at.ok) return at;
    const found = prove(view, asked, at.value);
    if (!found.ok) return found;
    const { blockId, header, key, present, value, proof } = found.value;
    return {
      ok: true,
      value: {
        header: presentHeader(blockId, header, view.spec.addressPrefix),
        key: toHex(key),
        present,
        value: value === undefined ? null : toHex(value),
        proof: toHex(proof),
      },
    };
  },
});

function prove(view: NodeView, asked: Infer<typeof params>, at: BlockAt): Result<FoundProof> {
  const { coin, token, namespace, key } = asked;
  const isStorage = namespace !== undefined && key !== undefined;
  const isHalf = (namespace === undefined) !== (key === undefined);
  const given = [coin !== undefined, token !== undefined, isStorage].filter((one) => one).length;
  if (given !== 1 || isHalf) return refuseRpc('rpc/proof-key', { got: given, expected: 1 });
  if (coin !== undefined) return view.coinProof(readOutpointJson(coin), at);
  if (token !== undefined) return view.storageProof(NAMESPACE.token, assetKey(token), at);
  return view.storageProof(namespace ?? 0, fromHex(key ?? ''), at);
}
