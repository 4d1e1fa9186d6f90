import { assert } from '../../base/assert.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import type { Hash } from '../../crypto/hash.ts';
import { type Certificate, encodeCertificate, parseCertificate } from './certificate.ts';
import { conflictEvidence } from './evidence.ts';
import { CERTIFICATES_KEPT, DISPUTED_MAX } from './limits.ts';

/** A certificate with its bytes. */
export interface Proof {
  readonly certificate: Certificate;
  readonly bytes: Uint8Array;
}

/** A certificate that this node puts together. */
export function proofOf(certificate: Certificate): Proof {
  return { certificate, bytes: encodeCertificate(certificate) };
}

/**
 * A certificate that this program saved.
 *
 * @throws AssertionError when it is malformed
 */
export function decodeProof(bytes: Uint8Array): Proof {
  const parsed = parseCertificate(bytes);
  assert(parsed.ok, 'a malformed certificate in a record');
  return { certificate: parsed.value, bytes };
}

/** What one height was decided by. */
interface Decision {
  readonly proof: Proof;
  readonly polkas: readonly Proof[];
  /** Certificates of others that were compared with these, by their bytes' look. */
  readonly compared: Set<string>;
}

/** What a certificate that goes against a decision shows. */
export interface Dispute {
  readonly kept: Certificate;
  readonly evidence: readonly Uint8Array[];
  /** True for the first such certificate of a height: others may need what this node has to find the rest. */
  readonly isFirst: boolean;
}

/** The certificates of the last {@link CERTIFICATES_KEPT} heights that this node saw decided. */
export class Decided {
  readonly #decisions = new Map<number, Decision>();

  /** Certificates held. */
  get size(): number {
    return this.#decisions.size;
  }

  /** Keeps what a height was decided by; it is greater than those before. */
  add(proof: Proof, polkas: readonly Proof[]): void {
    this.#decisions.set(proof.certificate.height, { proof, polkas, compared: new Set() });
    const [oldest] = this.#decisions.keys();
    if (this.#decisions.size > CERTIFICATES_KEPT && oldest !== undefined) this.#decisions.delete(oldest);
  }

  /** The certificates of a height, that of the decision first. */
  at(height: number): readonly Proof[] {
    const decision = this.#decisions.get(height);
    return decision === undefined ? [] : [decision.proof, ...decision.polkas];
  }

  /**
   * True when a certificate has to be checked: it is for another block than the one that was decided, and was not
   * looked at before. Of prevotes, only once two decisions are known: else they are nothing strange.
   */
  isRival({ kind, height, round, blockId }: Certificate): boolean {
    const decision = this.#decisions.get(height);
    if (decision === undefined || equalBytes(decision.proof.certificate.blockId, blockId)) return false;
    const { compared } = decision;
    if (compared.size >= DISPUTED_MAX || (kind === 'prevote' && compared.size === 0)) return false;
    return !compared.has(lookOf(kind, round, blockId));
  }

  /** Compares a rival whose signatures hold with all that is kept of its height. */
  compare(rival: Certificate): Dispute {
    const { kind, height, round, blockId } = rival;
    const decision = this.#decisions.get(height);
    assert(decision !== undefined, 'a rival has a height that was decided');
    const isFirst = decision.compared.size === 0;
    decision.compared.add(lookOf(kind, round, blockId));
    const evidence = this.at(height).flatMap(({ certificate }) => conflictEvidence(certificate, rival));
    return { kept: decision.proof.certificate, evidence, isFirst };
  }
}

function lookOf(kind: Certificate['kind'], round: number, blockId: Hash): string {
  return `${kind} ${round} ${toHex(blockId)}`;
}
