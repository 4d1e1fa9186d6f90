import { toBase64 } from '../../base/base64.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { array, type Infer, integer, object, optional } from '../../base/schema.ts';
import { validatorSetKey } from '../../ledger/stake/validator-sets.ts';
import { encodeHeader, HEADER_BYTES_MIN } from '../../primitives/header.ts';
import { SEAL_BYTES_MAX } from '../../primitives/limits.ts';
import { VALIDATOR_SET_BYTES_MAX } from '../../primitives/validator-set.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import { STATE_PROOF_BYTES_MAX } from '../../state/state-proof.ts';
import { base64Field, heightField } from '../json/fields.ts';
import { CERTIFICATE_BYTES_MAX, SETS_PROVED_MAX } from '../limits.ts';
import { defineQuery } from '../method.ts';
import type { NodeView } from '../node-view.ts';
import { refuseRpc } from '../rules.ts';

const epochField = integer('Number of an epoch.', 0, 0xffff_ffff);

const setJson = object('A set of validators in the state after the block.', {
  epoch: epochField,
  set: base64Field('The encoded set.', VALIDATOR_SET_BYTES_MAX),
  proof: base64Field('The encoded proof that it is in the state.', STATE_PROOF_BYTES_MAX),
});

/** What makes a block final, as bytes. */
export const chainGetFinality = defineQuery({
  name: 'chain_getFinality',
  summary: 'Gives the certificate that makes a block final, and sets of validators in the state after it.',
  description:
    'The block is the first one at or after the height that has a certificate of its own; with votes on checkpoints, that is a checkpoint. All bytes are in base64. Sets can be given as far as the node has the state after the block: that of its last blocks, of all in archive mode, and of the first certified block that has a set always. See docs/reference/light-client.md.',
  params: object('Which block, and which sets.', {
    height: heightField('The block, or the first certified one after it.'),
    sets: optional(array('Epochs whose sets to prove.', epochField, SETS_PROVED_MAX)),
  }),
  result: object('A block that is final, and why.', {
    header: base64Field('The encoded header.', HEADER_BYTES_MIN + SEAL_BYTES_MAX + 4),
    certificate: base64Field('The encoded certificate.', CERTIFICATE_BYTES_MAX),
    sets: array('The sets, in the order asked for.', setJson, SETS_PROVED_MAX),
    finalHeight: heightField('Height of the last block that can no longer be undone.'),
  }),
  errors: [
    'rpc/no-certificates',
    'rpc/certificate-unknown',
    'rpc/set-unknown',
    'node/no-state',
    'node/busy',
    'chain/state-gone',
    'chain/state-far',
    'chain/state-too-far',
  ],
  example: { height: 1, sets: [] },
  run(view, { height, sets = [] }) {
    if (view.spec.consensus.finality.kind === 'depth') return refuseRpc('rpc/no-certificates');
    const found = view.certified(height);
    if (found === undefined) return refuseRpc('rpc/certificate-unknown', { got: height });
    const proved: Infer<typeof setJson>[] = [];
    for (const epoch of sets) {
      const set = proveSet(view, epoch, found.header.height);
      if (!set.ok) return set;
      proved.push(set.value);
    }
    return ok({
      header: toBase64(encodeHeader(found.header)),
      certificate: toBase64(found.certificate),
      sets: proved,
      finalHeight: view.status().final.height,
    });
  },
});

function proveSet(view: NodeView, epoch: number, height: number): Result<Infer<typeof setJson>> {
  const at = { kind: 'height', height } as const;
  const found = view.storageProof(NAMESPACE.validators, validatorSetKey(epoch), at);
  if (!found.ok) return found;
  const { value, proof } = found.value;
  if (value === undefined) return refuseRpc('rpc/set-unknown', { epoch, height });
  return ok({ epoch, set: toBase64(value), proof: toBase64(proof) });
}
