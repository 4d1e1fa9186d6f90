import { concatBytes } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { Production } from '@calin/core/consensus/engine.ts';
import { parseCompact } from '@calin/core/consensus/pow/compact-target.ts';
import { searchNonce } from '@calin/core/consensus/pow/search-nonce.ts';
import { encodeWorkSeal, expectedHashes } from '@calin/core/consensus/pow/work.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import { createBlock, parseBlock } from '@calin/core/primitives/block.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { findDevKeyOf } from './dev-keys.ts';
import { refuseLab } from './rules.ts';

/** Where a block is examined. */
export interface SealPlace {
  readonly production: Production;
  readonly parent: Header;
  readonly chainId: Uint8Array;
  /** The seal that the block had: the claim of its turn is kept. */
  readonly seal: Uint8Array;
}

/** How far the search for a nonce is. */
export interface WorkProgress {
  readonly attempts: number;
  /** Tries that it takes on average. */
  readonly expected: number;
}

/** Nonces between two reports: some tens of milliseconds. */
const ATTEMPTS_A_STEP = 16_384;
/** After so many tries without a nonce something is wrong, or the chain takes more work than a page should do. */
const ATTEMPTS_MAX = 2 ** 36;

/**
 * Seals a block again after its header was changed: with a key of development chains, or by searching for a nonce.
 * Yields while it searches.
 *
 * @returns the bytes; refuses by `lab/key-unknown`, or as the block is no block
 */
export function* sealBlock(
  bytes: Uint8Array,
  place: SealPlace,
): Generator<WorkProgress, Result<Uint8Array>, undefined> {
  const block = parseBlock(bytes, place.chainId);
  if (!block.ok) return block;
  const { header, transactions } = block.value;
  const { production, parent } = place;
  const key = findDevKeyOf(header.producer);
  // Who works needs no key.
  const identity = { publicKey: key?.publicKey ?? new Uint8Array(32), address: header.producer };
  const claim = production.claimOf(place.seal);
  const request = production.sealRequest(header, identity, parent, claim);
  if (request.kind === 'sign') {
    if (key === undefined) return refuseLab('lab/key-unknown', { of: 'the producer' });
    const seal = concatBytes(claim, sign(request.message, key.secretKey));
    return ok(createBlock({ ...header, seal }, transactions).bytes);
  }
  const nonce = yield* findNonce(request.message, request.bits);
  if (nonce === undefined) return refuseLab('lab/not-here', { attempts: ATTEMPTS_MAX });
  return ok(
    createBlock({ ...header, seal: encodeWorkSeal({ bits: request.bits, nonce }) }, transactions).bytes,
  );
}

function* findNonce(
  message: Uint8Array,
  bits: number,
): Generator<WorkProgress, Uint8Array | undefined, undefined> {
  const target = parseCompact(bits) ?? 0n;
  const expected = Number(expectedHashes(target));
  for (let attempts = 0; attempts < ATTEMPTS_MAX; ) {
    const search = searchNonce(message, target, attempts, ATTEMPTS_A_STEP);
    if (search.nonce !== undefined) return search.nonce;
    attempts += search.attempts;
    yield { attempts, expected };
  }
  return undefined;
}
