import type { BlockResult } from '../ledger/apply-block.ts';
import type { Block } from '../primitives/block.ts';
import { encodeHeader } from '../primitives/header.ts';
import type { BlockNode } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import type { ChainUpdate } from './chain-update.ts';
import { layout } from './layout.ts';
import { prune } from './prune.ts';
import { encodeHead, encodeSides } from './records.ts';
import type { Reorganisation } from './reorg.ts';
import { decidedSetProofs, setProofsOf } from './set-proofs.ts';
import { StagedBatch, type StagedEntry, stagedPut } from './staged-batch.ts';

/** The record of a chain without side blocks, which nearly all are. */
const NO_SIDES = encodeSides([]);

/** A block that votes have made final. */
export interface Decision {
  /** On what is the best branch after the move. */
  readonly height: number;
  readonly certificate: Uint8Array;
}

/**
 * Carries a decision out: moves the tree, drops what lost, and puts all of it into one batch.
 *
 * @param arrived - blocks that are new in the tree, bodies checked against their headers
 * @param move - the new best branch, if it changes
 * @param decision - of votes, beside what the branch says of itself
 */
export function adopt(
  parts: ChainParts,
  arrived: readonly Block[],
  move: Reorganisation | undefined,
  decision?: Decision,
): ChainUpdate {
  const writes = new StagedBatch(parts.store);
  for (const key of parts.garbage.splice(0)) writes.delete(key);
  for (const block of arrived) writes.putAll(recordsOf(parts, block, () => blockRecords(block)));
  if (move !== undefined) moveBest(parts, move, writes);
  if (decision !== undefined) recordDecision(parts, decision, writes);
  const isLonger = move !== undefined || decision !== undefined;
  const finalised = isLonger ? finalise(parts, writes, decision?.height ?? 0) : [];
  dropSides(parts, evictSides(parts), writes);
  finishBatch(parts, writes);
  return {
    kind: kindOf(move, decision),
    removed: move?.removed ?? [],
    added: move?.added.map(({ block }) => block) ?? [],
    batch: writes.finish(),
    finalised,
  };
}

/** Keeps what light clients need: the certificate, and where a set of validators is new, a proof of it. */
function recordDecision(parts: ChainParts, { height, certificate }: Decision, writes: StagedBatch): void {
  writes.put(layout.certificate(height), certificate);
  writes.putAll(decidedSetProofs(parts, writes, height, parts.tree.root.height));
}

function kindOf(move: Reorganisation | undefined, decision: Decision | undefined): ChainUpdate['kind'] {
  if (move !== undefined) return 'head';
  return decision === undefined ? 'side' : 'final';
}

/** Adds the head record and the list of side blocks, and remembers the batch until the store has it. */
export function finishBatch(parts: ChainParts, writes: StagedBatch): void {
  const { tree } = parts;
  parts.sequence++;
  const { id, height, weight } = tree.head;
  const record = { id, height, weight, finalHeight: tree.root.height, sequence: parts.sequence };
  writes.put(layout.head, parts.shared?.encodeHead(record) ?? encodeHead(record));
  writes.put(
    layout.sides,
    tree.sideCount === 0 ? NO_SIDES : encodeSides([...tree.sides].map(({ id: side }) => side)),
  );
  parts.store.add(writes);
}

/** Deletes what is kept of side blocks. */
export function dropSides(parts: ChainParts, nodes: Iterable<BlockNode>, writes: StagedBatch): void {
  for (const { id } of nodes) {
    writes.delete(layout.header(id));
    writes.delete(layout.block(id));
    parts.states.delete(id);
    parts.executed.delete(id);
  }
}

function moveBest(parts: ChainParts, move: Reorganisation, writes: StagedBatch): void {
  const { validators } = parts.options.spec.consensus;
  for (const block of move.removed) {
    parts.index?.disconnect(writes, block);
    keepResult(parts, block);
    writes.delete(layout.height(block.header.height));
    writes.delete(layout.receipts(block.id));
    writes.delete(layout.undo(block.id));
    if (validators !== undefined) writes.delete(layout.setProofs(block.header.height));
  }
  for (const { node, block, result } of move.added) {
    writes.putAll(recordsOf(parts, result, () => bestRecords(node, result)));
    writes.putAll(setProofsOf(parts.options.spec, node, result.state));
    parts.index?.connect(writes, block);
    parts.states.set(node.id, result.state, result.changeCount);
    parts.executed.delete(node.id);
  }
  parts.tree.setBest(
    move.fork,
    move.added.map(({ node }) => node),
  );
  parts.headState = move.state;
  parts.draft = undefined;
}

/** A block that leaves the best branch may come back soon: what it did need not be worked out again. */
function keepResult({ states, store, executed }: ChainParts, { id, header }: Block): void {
  const after = states.find(id);
  const [undo, receipts] = [store.get(layout.undo(id)), store.get(layout.receipts(id))];
  if (after === undefined || undo === undefined || receipts === undefined) return;
  const { stateRoot, receiptRoot, gasUsed } = header;
  const { state, changes: changeCount } = after;
  executed.set(id, { state, undo, changeCount, receipts, stateRoot, receiptRoot, gasUsed });
}

/** What is kept of a block wherever it stands. */
function blockRecords({ id, header, bytes }: Block): readonly StagedEntry[] {
  return [stagedPut(layout.header(id), encodeHeader(header)), stagedPut(layout.block(id), bytes)];
}

/** What is kept besides of a block of the best branch. */
function bestRecords({ id, height }: BlockNode, { receipts, undo }: BlockResult): readonly StagedEntry[] {
  return [
    stagedPut(layout.height(height), id),
    stagedPut(layout.receipts(id), receipts),
    stagedPut(layout.undo(id), undo),
  ];
}

/** The records that follow from something, made once where chains share what they hold. */
function recordsOf(
  { shared }: ChainParts,
  of: object,
  make: () => readonly StagedEntry[],
): readonly StagedEntry[] {
  return shared === undefined ? make() : shared.records(of, make);
}

function finalise(parts: ChainParts, writes: StagedBatch, decided: number): readonly BlockNode[] {
  const { tree, consensus } = parts;
  const height = Math.max(tree.root.height, consensus.finality.finalHeight(tree.head.height), decided);
  const { nodes, pruned } = tree.finalise(height);
  dropSides(parts, pruned, writes);
  if (nodes.length > 0) parts.orphans.dropUpTo(height);
  prune(parts, writes);
  parts.historic.tidy(parts);
  return nodes;
}

/**
 * Takes the worst branches out of the tree, leaf by leaf, until no more side blocks are left than allowed. Those that
 * cannot become the head while another block is preferred go first, however heavy: they must not take the room of those
 * that can.
 */
export function evictSides({ tree, options, anchor }: ChainParts): readonly BlockNode[] {
  const evicted: BlockNode[] = [];
  if (tree.sideCount <= options.limits.sideBlocksMax) return evicted;
  const preferred = anchor === undefined ? undefined : tree.find(anchor);
  const kept = new Set(tree.sidesFrom(preferred ?? tree.root));
  while (tree.sideCount > options.limits.sideBlocksMax) {
    const worst = tree.worstLeaf((node) => !kept.has(node)) ?? tree.worstLeaf();
    if (worst === undefined) break;
    tree.remove([worst]);
    evicted.push(worst);
  }
  return evicted;
}
