import type { PublicKey, SignatureCheck, VerifySignature } from '../crypto/signature.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { witnessPath } from '../primitives/witness.ts';

/**
 * Every signature that must be valid, witness by witness: the keys that the witnesses name over the txid. Depends
 * on the bytes alone, so it can be checked before, or beside, everything that needs the state. There are no
 * "sighash modes": a signature always covers the whole body.
 */
export function signatureChecks(tx: Transaction): SignatureCheck[] {
  const checks: SignatureCheck[] = [];
  for (const witness of tx.witnesses) {
    if (witness.lock.kind === 'key') {
      const [signature] = witness.signatures;
      if (signature !== undefined)
        checks.push({ publicKey: witness.lock.publicKey, message: tx.txid, signature });
      continue;
    }
    const { publicKeys } = witnessPath(witness);
    witness.signatures.forEach((signature, i) => {
      // Reading a witness has refused every signer that is not a key of its path.
      const publicKey = publicKeys[witness.signers[i] as number] as PublicKey;
      checks.push({ publicKey, message: tx.txid, signature });
    });
  }
  return checks;
}

/** For transactions whose signatures were checked before: from the pool, or replayed from the node's own store. */
export const SIGNATURES_CHECKED: VerifySignature = () => true;
