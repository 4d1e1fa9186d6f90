import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { type Block, createBlock } from '@calin/core/primitives/block.ts';
import { type Header, headerId } from '@calin/core/primitives/header.ts';
import { NO_VALIDATORS } from '@calin/core/primitives/validator-set.ts';
import type { PracticeKey } from '../practice/practice-key.ts';
import type { PracticeNode } from '../practice/practice-node.ts';
import { sealHeader } from '../practice/seal-header.ts';

/** What can be said of a header by itself and the one before it. */
export interface JudgedHeader {
  readonly header: Header;
  readonly id: string;
  /** It names the header before it. */
  readonly isLinked: boolean;
  /** All before it are linked and hold. */
  readonly isGrounded: boolean;
  /** What the consensus says of its seal, time and target. */
  readonly verdict: Result<undefined>;
}

/** Judges headers that should follow each other, the first of them the genesis header. */
export function judgeHeaders(node: PracticeNode, headers: readonly Header[]): readonly JudgedHeader[] {
  const context = { verify: verifySignature, validators: NO_VALIDATORS };
  let isGrounded = true;
  return headers.slice(1).map((header, i) => {
    const parent = headers[i] as Header;
    const isLinked = equalBytes(header.parent, headerId(parent));
    const verdict = node.consensus.production.verifyHeader(header, parent, context);
    const judged = { header, id: toHex(headerId(header)), isLinked, isGrounded, verdict };
    isGrounded &&= isLinked && verdict.ok;
    return judged;
  });
}

/** The same headers with one of them made a second later. Its seal stays, and so do those after it. */
export function delayHeader(headers: readonly Header[], index: number): readonly Header[] {
  return headers.map((header, i) => (i === index ? { ...header, timeMs: header.timeMs + 1000 } : header));
}

/** The same headers with one of them naming the one before it, and sealed anew. */
export function redoHeader(
  node: PracticeNode,
  headers: readonly Header[],
  index: number,
  key: PracticeKey,
): { readonly headers: readonly Header[]; readonly attempts: number } {
  const parent = headers[index - 1] as Header;
  const linked = { ...(headers[index] as Header), parent: headerId(parent) };
  const { header, attempts } = sealHeader(node.consensus.production, linked, parent, key);
  return { headers: headers.map((old, i) => (i === index ? header : old)), attempts };
}

/** Blocks of changed headers with the transactions that the old ones had. */
export function rejoin(headers: readonly Header[], blocks: readonly Block[]): readonly Block[] {
  return headers.map((header, i) => createBlock(header, (blocks[i] as Block).transactions));
}
