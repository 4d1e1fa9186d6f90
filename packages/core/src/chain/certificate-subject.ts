import { parseLinkCertificate } from '../consensus/votes/link.ts';
import { parseCertificate } from '../consensus/votes-each/certificate.ts';
import type { Hash } from '../crypto/hash.ts';
import type { FinalitySpec } from '../spec/chain-spec.ts';

/** What a certificate is about. */
export interface CertificateSubject {
  /** The block that it makes final. */
  readonly id: Hash;
  readonly height: number;
  /** The block that its signers have voted for, which descends from that one or is it; they serve at its height. */
  readonly signedId: Hash;
  readonly signedHeight: number;
}

/** Reads what a certificate is about; undefined for one that is malformed, or decides nothing on this chain. */
export function subjectOf({ kind }: FinalitySpec, bytes: Uint8Array): CertificateSubject | undefined {
  if (kind === 'votes-each') {
    const parsed = parseCertificate(bytes);
    if (!parsed.ok || parsed.value.kind !== 'precommit') return undefined;
    const { blockId, height } = parsed.value;
    return { id: blockId, height, signedId: blockId, signedHeight: height };
  }
  const parsed = kind === 'votes' ? parseLinkCertificate(bytes) : undefined;
  if (parsed?.ok !== true) return undefined;
  const { source, target } = parsed.value;
  return { ...source, signedId: target.id, signedHeight: target.height };
}
