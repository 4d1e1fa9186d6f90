import { toHex } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { Failure, Refusal } from '../../base/result.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { PeerId } from '../../ports/network.ts';
import { type Header, headerId } from '../../primitives/header.ts';
import { refuseP2p } from '../rules.ts';
import { type PendingHeader, pendingHeader } from './header-tree.ts';
import type { SyncParts } from './sync-parts.ts';

/** A header of which everything before it is known. */
export interface KnownHeader {
  readonly id: Hash;
  readonly key: string;
  readonly header: Header;
  readonly height: number;
  /** Of its branch; undefined for a block below the last final one, to which nothing can be added. */
  readonly weight: bigint | undefined;
}

/** What became of a list of headers. */
export interface TakenHeaders {
  /** The last one that is in order. */
  readonly last: KnownHeader | undefined;
  /** How many were new. */
  readonly added: number;
  /** Why the rest was not taken. */
  readonly refusal: Refusal | undefined;
  /** Set where the rest can only be checked when a block is here that is not yet. It is nobody's fault. */
  readonly wait?: HeadersWait | undefined;
  /** Milliseconds until the rest can be checked, whose time has not come. It is nobody's fault either. */
  readonly earlyMs?: number | undefined;
}

/** Headers that wait for a block which decides who may seal them. */
export interface HeadersWait {
  /** The header that they follow. */
  readonly after: KnownHeader;
  /** Of the block, which is on the same branch. */
  readonly height: number;
}

/** What is known of the headers that are taken. */
export interface HeaderOrigin {
  readonly source: PeerId;
  /** Keys of what was asked about: an answer may go on from there even if it has been dropped since. */
  readonly locator: ReadonlySet<string>;
}

/**
 * Takes headers that claim to follow one another as pending ones, each checked against the one before: place, height,
 * time and seal. Ends at the first that is not in order; those before it stay.
 */
export function takeHeaders(
  parts: SyncParts,
  headers: readonly Header[],
  origin: HeaderOrigin,
  nowMs: number,
): TakenHeaders {
  let last: KnownHeader | undefined;
  let added = 0;
  for (const header of headers) {
    const id = headerId(header);
    const key = bytesKey(id);
    if (last !== undefined && bytesKey(header.parent) !== last.key) {
      return { last, added, refusal: refuseP2p('p2p/headers-not-in-row', { height: header.height }).error };
    }
    const known = findKnown(parts, { id, key, height: header.height });
    if (known !== undefined) {
      last = known;
      continue;
    }
    const parent = last ?? findKnown(parts, parentOf(header));
    const next = addHeader(parts, { header, id, parent, origin, nowMs });
    if (next === undefined) return { last, added, refusal: undefined };
    if ('error' in next) return { last, added, ...reasonOf(next.error, parent) };
    last = next;
    added += 1;
  }
  return { last, added, refusal: undefined };
}

function reasonOf(
  refusal: Refusal,
  after: KnownHeader | undefined,
): Pick<TakenHeaders, 'refusal' | 'wait' | 'earlyMs'> {
  const { rule, evidence } = refusal;
  if (rule === 'chain/time-early') {
    return { refusal: undefined, earlyMs: Number(evidence['got']) - Number(evidence['expected']) };
  }
  if (rule !== 'chain/validators-unknown' || after === undefined) return { refusal };
  return { refusal: undefined, wait: { after, height: Number(evidence['expected']) } };
}

/** What is known of a block: among the pending headers, in the chain's tree, or below its last final block. */
export function findKnown(
  { tree, host }: SyncParts,
  { id, key, height }: Pick<KnownHeader, 'id' | 'key' | 'height'>,
): KnownHeader | undefined {
  const pending = tree.find(key);
  if (pending !== undefined) return pending;
  const { chain } = host;
  const node = chain.node(id);
  if (node !== undefined) return { ...node, key };
  const final = height >= 0 && height < chain.final.height ? chain.idAt(height) : undefined;
  if (final === undefined || bytesKey(final) !== key) return undefined;
  const stored = chain.header(id);
  return stored.ok ? { id, key, header: stored.value, height, weight: undefined } : undefined;
}

function parentOf({ parent, height }: Header): Pick<KnownHeader, 'id' | 'key' | 'height'> {
  return { id: parent, key: bytesKey(parent), height: height - 1 };
}

/** The new pending header; a refusal; or undefined when there is no room for it, or it is nobody's fault. */
function addHeader(
  parts: SyncParts,
  header: {
    readonly header: Header;
    readonly id: Hash;
    readonly parent: KnownHeader | undefined;
    readonly origin: HeaderOrigin;
    readonly nowMs: number;
  },
): PendingHeader | Failure | undefined {
  const { parent, origin, id, nowMs } = header;
  const { height } = header.header;
  if (parent === undefined) {
    if (origin.locator.has(bytesKey(header.header.parent))) return undefined;
    return refuseP2p('p2p/headers-not-connected', { height, parent: toHex(header.header.parent) });
  }
  const { chain } = parts.host;
  if (parent.weight === undefined) {
    return refuseP2p('p2p/fork-behind-final', { got: parent.height, expected: chain.final.height });
  }
  const checked = chain.checkHeaderAfter(header.header, id, parent.header, nowMs);
  if (!checked.ok) return checked;
  const weight = parent.weight + chain.weightOf(header.header);
  const entry = pendingHeader(header.header, id, { weight, source: origin.source });
  return parts.tree.add(entry) ? entry : undefined;
}
