import { assert } from '@calin/core/base/assert.ts';
import type { Production } from '@calin/core/consensus/engine.ts';
import { parseCompact } from '@calin/core/consensus/pow/compact-target.ts';
import { searchNonce } from '@calin/core/consensus/pow/search-nonce.ts';
import { encodeWorkSeal } from '@calin/core/consensus/pow/work.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { PracticeKey } from './practice-key.ts';

/** A header with its seal, and what that took. */
export interface SealedHeader {
  readonly header: Header;
  /** Hashes that were tried; 0 where a signature is the seal. */
  readonly attempts: number;
}

/** Far more than the work of a practice chain takes; a page would stand still for seconds. */
const ATTEMPTS_MAX = 4_000_000;

const NO_CLAIM = new Uint8Array(0);

/**
 * Seals a header as its consensus asks: with a signature, or by searching for a nonce.
 *
 * @param first - the nonce that is tried first
 */
export function sealHeader(
  production: Production,
  header: Header,
  parent: Header,
  key: PracticeKey,
  first = 0,
): SealedHeader {
  const request = production.sealRequest(header, key, parent, NO_CLAIM);
  if (request.kind === 'sign') {
    return { header: { ...header, seal: sign(request.message, key.secretKey) }, attempts: 0 };
  }
  const target = parseCompact(request.bits);
  assert(target !== undefined, 'a target that the consensus gave');
  const { attempts, nonce } = searchNonce(request.message, target, first, ATTEMPTS_MAX);
  assert(nonce !== undefined, 'practice work is found soon');
  return { header: { ...header, seal: encodeWorkSeal({ bits: request.bits, nonce }) }, attempts };
}
