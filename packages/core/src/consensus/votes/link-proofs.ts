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
  #resent = 0;

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

  /**
   * Links to send again: the one that justifies the highest checkpoint and the one that made the last final one final,
   * for who is late needs no others; then some of the rest in turn, for two that contradict each other to be found.
   */
  resend(highest: Checkpoint, final: Checkpoint): readonly LinkProof[] {
    const all = [...this.#proofs.values()];
    const isFirst = ({ certificate: { source, target } }: LinkProof) =>
      isSame(target, highest) || isSame(source, final);
    const first = all.filter(isFirst).slice(-RESENT_CERTIFICATES_MAX);
    const others = all.filter((proof) => !isFirst(proof));
    const count = Math.min(RESENT_CERTIFICATES_MAX - first.length, others.length);
    for (let i = 0; i < count; i++) first.push(others[this.#resent++ % others.length] as LinkProof);
    return first;
  }
}

function isSame(a: Checkpoint, b: Checkpoint): boolean {
  return a.height === b.height && equalBytes(a.id, b.id);
}

function keyOf({ source, target }: Link): string {
  return `${bytesKey(source.id)}${bytesKey(target.id)}${source.height} ${target.height}`;
}
