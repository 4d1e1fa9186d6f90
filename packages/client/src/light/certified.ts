import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { linkConflictEvidence } from '@calin/core/consensus/votes/evidence.ts';
import { type LinkCertificate, linkOffence, parseLinkCertificate } from '@calin/core/consensus/votes/link.ts';
import { type Certificate, parseCertificate } from '@calin/core/consensus/votes-each/certificate.ts';
import { conflictEvidence } from '@calin/core/consensus/votes-each/evidence.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { ValidatorView } from '@calin/core/primitives/validator-set.ts';
import { CERTIFICATE_BYTES_MAX } from '@calin/core/rpc/limits.ts';
import type { FinalitySpec } from '@calin/core/spec/chain-spec.ts';
import { refuseLight } from './rules.ts';

/** A certificate that was read, and what it is about. Who signed it has still to be checked. */
export type Certified = {
  /** The block that it makes final. */
  readonly height: number;
  readonly id: Hash;
  readonly bytes: Uint8Array;
} & (
  | { readonly kind: 'precommits'; readonly certificate: Certificate }
  | { readonly kind: 'link'; readonly certificate: LinkCertificate }
);

/**
 * Reads what makes a block final: the precommits for it, or a link from it to the very next checkpoint.
 *
 * @returns `light/too-large`, `light/not-final` or `codec/…` for all else
 */
export function readCertified(finality: FinalitySpec, bytes: Uint8Array): Result<Certified> {
  if (bytes.length > CERTIFICATE_BYTES_MAX) {
    return refuseLight('light/too-large', { got: bytes.length, max: CERTIFICATE_BYTES_MAX });
  }
  switch (finality.kind) {
    case 'votes-each':
      return readPrecommits(bytes);
    case 'votes':
      return readLink(bytes, finality.intervalBlocks);
    default:
      return refuseLight('light/unexpected');
  }
}

function readPrecommits(bytes: Uint8Array): Result<Certified> {
  const certificate = parseCertificate(bytes);
  if (!certificate.ok) return certificate;
  const { kind, height, blockId } = certificate.value;
  if (kind !== 'precommit' || height < 1) return refuseLight('light/not-final', { got: kind, height });
  return ok({ kind: 'precommits', height, id: blockId, bytes, certificate: certificate.value });
}

function readLink(bytes: Uint8Array, intervalBlocks: number): Result<Certified> {
  const certificate = parseLinkCertificate(bytes);
  if (!certificate.ok) return certificate;
  const { source, target } = certificate.value;
  const isNext = source.height % intervalBlocks === 0 && target.height === source.height + intervalBlocks;
  if (!isNext || source.height < 1) {
    return refuseLight('light/not-final', { got: target.height, expected: source.height + intervalBlocks });
  }
  return ok({ kind: 'link', height: source.height, id: source.id, bytes, certificate: certificate.value });
}

/** True when two certificates of quorums cannot both be without a third of the validators being guilty. */
export function isContradiction(a: Certified, b: Certified): boolean {
  if (a.height === b.height && !equalBytes(a.id, b.id)) return true;
  return a.kind === 'link' && b.kind === 'link' && linkOffence(a.certificate, b.certificate) !== undefined;
}

/** The evidence against whoever signed both of two certificates. */
export function evidenceIn(a: Certified, b: Certified, validators: ValidatorView): readonly Uint8Array[] {
  if (a.kind === 'link' && b.kind === 'link') {
    return linkConflictEvidence(a.certificate, b.certificate, validators);
  }
  if (a.kind === 'precommits' && b.kind === 'precommits')
    return conflictEvidence(a.certificate, b.certificate);
  return [];
}
