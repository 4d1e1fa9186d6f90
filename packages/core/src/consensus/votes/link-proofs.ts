import { equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import { CERTIFICATES_KEPT, PENDING_MAX, RESENT_CERTIFICATES_MAX } from './limits.ts';
import { type Checkpoint, type Link, type LinkCertificate, linkOffence } from './link.ts';

/** A supermajority link with its bytes. */
export interface LinkProof {
  readonly certificate: LinkCertificate;
  readonly bytes: Uint8Array;
}

/** The supermajority links that are known: the latest {@link CERTIFICATES_KEPT}, some of them still waiting. */
export class LinkProofs {
  readonly #proofs = new Map<string, LinkProof>();
  readonly #pending = new Map<string, LinkProof>();

  /** Certificates held. */
  get size(): number {
    return Math.max(this.#proofs.size, this.#pending.size);
  }

  has(link: Link): boolean {
    return this.#proofs.has(keyOf(link));
  }

  /** Keeps a link that waits to be applied. */
  add(proof: LinkProof): void {
    const key = keyOf(proof.certificate);
    for (const [held, max] of [
      [this.#proofs, CERTIFICATES_KEPT],
      [this.#pending, PENDING_MAX],
    ] as const) {
      held.set(key, proof);
      const [oldest] = held.keys();
      if (held.size > max && oldest !== undefined) held.delete(oldest);
    }
  }

  /** The links that wait for the block of their target. */
  pending(): readonly LinkProof[] {
    return [...this.#pending.values()];
  }

  /** True when one more may wait without another having to go. */
  hasRoom(): boolean {
    return this.#pending.size < PENDING_MAX;
  }

  /** A link was applied. */
  done({ certificate }: LinkProof): void {
    this.#pending.delete(keyOf(certificate));
  }

  /** The kept links that no honest validator signs together with this one. */
  rivals(link: Link): readonly LinkProof[] {
    return [...this.#proofs.values()].filter(
      ({ certificate }) => linkOffence(certificate, link) !== undefined,
    );
  }

  /** A link to a checkpoint, if one is kept. */
  to(checkpoint: Checkpoint): LinkProof | undefined {
    return [...this.#proofs.values()].find(({ certificate }) => isSame(certificate.target, checkpoint));
  }

  /** The links whose target is above a height, the lowest first, at most {@link RESENT_CERTIFICATES_MAX}. */
  from(height: number): readonly LinkProof[] {
    return [...this.#proofs.values()]
      .filter(({ certificate }) => certificate.target.height > height)
      .toSorted((a, b) => a.certificate.target.height - b.certificate.target.height)
      .slice(0, RESENT_CERTIFICATES_MAX);
  }
}

function isSame(a: Checkpoint, b: Checkpoint): boolean {
  return a.height === b.height && equalBytes(a.id, b.id);
}

function keyOf({ source, target }: Link): string {
  return `${bytesKey(source.id)}${bytesKey(target.id)}${source.height} ${target.height}`;
}
