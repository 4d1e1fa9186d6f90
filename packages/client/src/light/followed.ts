import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { OK, ok } from '@calin/core/base/result.ts';
import { Reader } from '@calin/core/codec/reader.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import {
  HEADER_BYTES_MIN,
  type Header,
  headerId,
  parseHeader,
  readHeader,
} from '@calin/core/primitives/header.ts';
import { SEAL_BYTES_MAX } from '@calin/core/primitives/limits.ts';
import { HEADERS_BYTES_MAX, HEADERS_MAX } from '@calin/core/rpc/limits.ts';
import { FUTURE_DRIFT_MS_MAX } from './limits.ts';
import { refuseLight } from './rules.ts';

/** A header that was found to belong to the chain. */
export interface Followed {
  readonly id: Hash;
  readonly header: Header;
}

/** A header with its id. */
export function followed(header: Header): Followed {
  return { id: headerId(header), header };
}

/** Reads one header of a stranger. Refuses by `light/too-large` or `codec/…`. */
export function readOneHeader(bytes: Uint8Array): Result<Followed> {
  const bytesMax = HEADER_BYTES_MIN + SEAL_BYTES_MAX + 4;
  if (bytes.length > bytesMax) return refuseLight('light/too-large', { got: bytes.length, max: bytesMax });
  const header = parseHeader(bytes);
  return header.ok ? ok(followed(header.value)) : header;
}

/** Reads headers that lie end to end, at least one. Refuses by `light/too-large` or `codec/…`. */
export function readHeaders(bytes: Uint8Array): Result<readonly [Followed, ...Followed[]]> {
  if (bytes.length > HEADERS_BYTES_MAX) {
    return refuseLight('light/too-large', { got: bytes.length, max: HEADERS_BYTES_MAX });
  }
  const reader = new Reader(bytes);
  const headers: Followed[] = [];
  do {
    if (headers.length === HEADERS_MAX) return refuseLight('light/too-large', { max: HEADERS_MAX });
    const header = readHeader(reader);
    if (reader.failure !== undefined) return reader.failure;
    headers.push(followed(header));
  } while (reader.left > 0);
  return ok(headers as [Followed, ...Followed[]]);
}

/** Checks what holds for any header and its parent on any chain. */
export function checkLink({ header }: Followed, parent: Followed): Result<undefined> {
  const isNext = header.height === parent.header.height + 1 && equalBytes(header.parent, parent.id);
  if (isNext) return OK;
  return refuseLight('light/link', { height: header.height, got: toHex(header.parent) });
}

/** Checks that a header is not ahead of the clock. */
export function checkClock({ header }: Followed, nowMs: number): Result<undefined> {
  const max = nowMs + FUTURE_DRIFT_MS_MAX;
  if (header.timeMs <= max) return OK;
  return refuseLight('light/future', { height: header.height, got: header.timeMs, max });
}
