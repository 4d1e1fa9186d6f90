import { equalBytes, toHex } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import type { Failure, Refusal, Result } from '../base/result.ts';
import { OK, ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import { refuseLedger } from '../ledger/rules.ts';
import type { Block } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import { adopt, evictSides } from './adopt.ts';
import type { BlockNode } from './block-tree.ts';
import { headerContext } from './branch-validators.ts';
import type { ChainParts } from './chain-parts.ts';
import { type ChainUpdate, NO_UPDATE } from './chain-update.ts';
import { type Bodies, type FailedBranch, NO_BODIES } from './execute.ts';
import { chooseHead } from './fork-choice.ts';
import { layout } from './layout.ts';
import { readIdAt } from './read-block.ts';
import { bodyFitsHeader, planReorganisation, type Reorganisation } from './reorg.ts';
import { refuseChain } from './rules.ts';

/** Takes a block into the chain; see {@link Chain.importBlock}. */
export function importBlock(parts: ChainParts, block: Block, nowMs: number): Result<ChainUpdate> {
  if (isKnown(parts, block.header, block.id)) return ok(NO_UPDATE);
  const placed = checkPlace(parts, block.header, block.id, nowMs);
  if (!placed.ok) return placed;
  const parent = parts.tree.find(block.header.parent);
  if (parent === undefined) return keepOrphan(parts, block);
  const fits = parent === parts.tree.head || bodyFitsHeader(block);
  if (!fits) return refuseLedger('block/tx-root-mismatch', { got: toHex(block.header.txRoot) });
  const checked = checkAgainstParent(parts, block, parent.header);
  if (!checked.ok) return checked;
  const arrived = new Map<BlockNode, Block>([[insert(parts, block), block]]);
  joinOrphans(parts, arrived, nowMs);
  return decide(parts, block, arrived);
}

/** Refuses a header that could not be imported now, before anything costly is done for its block. */
export function checkHeader(parts: ChainParts, header: Header, id: Hash, nowMs: number): Result<undefined> {
  if (isKnown(parts, header, id)) return OK;
  const placed = checkPlace(parts, header, id, nowMs);
  const parent = parts.tree.find(header.parent);
  return placed.ok && parent !== undefined
    ? checkAgainstParent(parts, { header, id }, parent.header)
    : placed;
}

/** Refuses a header by its place, and by the header it follows, whether or not that one's block is here. */
export function checkHeaderAfter(
  parts: ChainParts,
  header: Header,
  id: Hash,
  parent: Header,
  nowMs: number,
): Result<undefined> {
  const placed = checkPlace(parts, header, id, nowMs);
  return placed.ok ? checkAgainstParent(parts, { header, id }, parent) : placed;
}

/**
 * Remembers that a block was found invalid before it was imported, by its signatures: it, and what builds on it, is
 * then refused by its header alone. Nothing is remembered of a block whose header is not in order, for anybody can make
 * as many as they like, nor where other transactions stand beside the header: the block with this id may be good.
 */
export function condemn(parts: ChainParts, block: Block, { rule }: Refusal, nowMs: number): void {
  const { header, id } = block;
  if (isKnown(parts, header, id) || parts.tree.find(header.parent) === undefined) return;
  if (checkHeader(parts, header, id, nowMs).ok && bodyFitsHeader(block)) parts.invalid.add(id, rule);
}

/** True for a block that is not here yet, and that nothing speaks against which can be said of it by its header. */
export function isImportable(parts: ChainParts, { header, id }: Block, nowMs: number): boolean {
  return !isKnown(parts, header, id) && checkHeader(parts, header, id, nowMs).ok;
}

function isKnown({ tree, store }: ChainParts, header: Header, id: Hash): boolean {
  if (header.height >= tree.root.height) return tree.find(id) !== undefined;
  const final = readIdAt(store, header.height);
  return final !== undefined && equalBytes(final, id);
}

/** What can be said of a header without its parent. */
function checkPlace(
  { options, tree, invalid, consensus }: ChainParts,
  header: Header,
  id: Hash,
  nowMs: number,
): Result<undefined> {
  const broken = invalid.ruleOf(id);
  if (broken !== undefined) return refuseChain('chain/block-invalid', { rule: broken });
  const ancestor = invalid.ruleOf(header.parent);
  if (ancestor !== undefined) return refuseChain('chain/ancestor-invalid', { rule: ancestor });
  if (header.height <= tree.root.height) {
    return refuseChain('chain/behind-final', { got: header.height, expected: tree.root.height + 1 });
  }
  const timeMsMax = nowMs + options.limits.futureDriftMsMax;
  if (header.timeMs > timeMsMax) {
    return refuseChain('chain/time-too-far', { got: header.timeMs, expected: timeMsMax });
  }
  const earlyMsMax = nowMs + (consensus.production.driftMsMax ?? options.limits.futureDriftMsMax);
  if (header.timeMs > earlyMsMax) {
    return refuseChain('chain/time-early', { got: header.timeMs, expected: earlyMsMax });
  }
  return OK;
}

function checkAgainstParent(
  parts: ChainParts,
  { header, id }: Pick<Block, 'header' | 'id'>,
  parent: Header,
  bodies: Bodies = NO_BODIES,
): Result<undefined> {
  if (parts.checkedHeaders.has(id)) return OK;
  if (header.height !== parent.height + 1) {
    return refuseChain('chain/height-not-next', { got: header.height, expected: parent.height + 1 });
  }
  const context = headerContext(parts, header, bodies);
  if (!context.ok) return bodies === NO_BODIES ? branchFailed(parts, context.error) : context.error.failure;
  const verdict = parts.consensus.production.verifyHeader(header, parent, context.value);
  if (verdict.ok) parts.checkedHeaders.add(id, header.parent);
  return verdict;
}

/** What is said of a block that builds on a branch that could not be executed; what is invalid of it goes. */
export function branchFailed(parts: ChainParts, { node, failure }: FailedBranch): Failure {
  if (node === undefined || isDamage(failure)) return failure;
  return reject(parts, node, failure, new Map());
}

function keepOrphan(parts: ChainParts, block: Block): Failure {
  parts.orphans.add(block);
  return refuseChain('chain/parent-unknown', {
    parent: toHex(block.header.parent),
    height: block.header.height,
  });
}

function insert({ tree, consensus, checkedHeaders }: ChainParts, block: Block): BlockNode {
  checkedHeaders.delete(block.id);
  return tree.add(block.id, block.header, consensus.production.weight(block.header));
}

/** Adds the orphans that wait for the blocks that arrived, as far as they pass the checks of their headers. */
function joinOrphans(parts: ChainParts, arrived: Map<BlockNode, Block>, nowMs: number): void {
  if (parts.orphans.count === 0) return;
  const bodies = new Map(bodiesOf(arrived));
  // A map is walked in the order of insertion, also what is added on the way; the orphans are finitely many.
  for (const parent of arrived.keys()) {
    for (const orphan of parts.orphans.take(parent.id)) {
      if (parts.tree.find(orphan.id) !== undefined || !bodyFitsHeader(orphan)) continue;
      if (!checkPlace(parts, orphan.header, orphan.id, nowMs).ok) continue;
      // Nothing is rejected on the way: what arrived is judged as a whole.
      if (!checkAgainstParent(parts, orphan, parent.header, bodies).ok) continue;
      arrived.set(insert(parts, orphan), orphan);
      bodies.set(bytesKey(orphan.id), orphan);
    }
  }
}

/** Chooses the head among the old one and what arrived, and carries it out or says why `block` was refused. */
function decide(parts: ChainParts, block: Block, arrived: Map<BlockNode, Block>): Result<ChainUpdate> {
  const { tree } = parts;
  const bodies = bodiesOf(arrived);
  let move: Reorganisation | undefined;
  while (move === undefined) {
    const best = chooseHead(tree.head, allowed(parts, arrived.keys()), parts.consensus.production.ties);
    if (best === tree.head) break;
    const planned = planReorganisation(parts, best, bodies);
    if (planned.ok) {
      move = planned.value;
      break;
    }
    const { node, failure } = planned.error;
    if (node === undefined) {
      tree.remove(arrived.keys());
      return failure;
    }
    const refusal = reject(parts, node, failure, arrived);
    // Everything else that arrived builds on the block, so there is nothing left to choose from.
    if (tree.find(block.id) !== undefined) continue;
    if (equalBytes(node.id, block.id)) return failure;
    return isDamage(failure) ? keepOrphan(parts, block) : refusal;
  }
  if (move === undefined) makeRoom(parts, arrived);
  if (tree.find(block.id) === undefined) {
    return refuseChain('chain/too-many-side-blocks', { expected: parts.options.limits.sideBlocksMax });
  }
  return ok(adopt(parts, [...arrived.values()], move));
}

/** The blocks that may become the head: as long as one is preferred, those that descend from it. */
function allowed({ tree, anchor }: ChainParts, nodes: Iterable<BlockNode>): Iterable<BlockNode> {
  const preferred = anchor === undefined ? undefined : tree.find(anchor);
  if (preferred === undefined || preferred === tree.root) return nodes;
  return [...nodes].filter((node) => tree.descends(node, preferred));
}

function bodiesOf(arrived: ReadonlyMap<BlockNode, Block>): Bodies {
  return new Map([...arrived.values()].map((body) => [bytesKey(body.id), body]));
}

/** Gives up the worst side blocks, which may be those that arrived. */
function makeRoom(parts: ChainParts, arrived: Map<BlockNode, Block>): void {
  for (const node of evictSides(parts)) {
    arrived.delete(node);
    forget(parts, node);
  }
}

/** Takes an invalid block out with all that builds on it, and remembers why; the refusal for its descendants. */
function reject(
  parts: ChainParts,
  node: BlockNode,
  failure: Failure,
  arrived: Map<BlockNode, Block>,
): Failure {
  const { rule } = failure.error;
  const body = arrived.get(node);
  // Other transactions beside a valid header say nothing about the block with this id, nor does a damaged store.
  const isGuilty = !isDamage(failure) && (body === undefined || bodyFitsHeader(body));
  const condemned = parts.tree.withDescendants(node);
  parts.tree.remove(condemned);
  for (const gone of condemned) {
    if (isGuilty) parts.invalid.add(gone.id, rule);
    arrived.delete(gone);
    forget(parts, gone);
  }
  return refuseChain('chain/ancestor-invalid', { rule, ancestor: toHex(node.id), height: node.height });
}

/** Has what is stored of a side block deleted by the next batch. */
function forget(parts: ChainParts, { id }: BlockNode): void {
  parts.states.delete(id);
  parts.executed.delete(id);
  parts.garbage.push(layout.header(id), layout.block(id));
}

/** True when the store failed, which says nothing about a block: it may come again from elsewhere. */
export function isDamage({ error }: Failure): boolean {
  return error.rule.startsWith('data/');
}
