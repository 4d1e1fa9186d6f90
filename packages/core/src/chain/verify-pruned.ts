import { equalBytes, toHex } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { OK, ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { createGenesis } from '../ledger/genesis.ts';
import type { Header } from '../primitives/header.ts';
import { epochOfHeight, NO_VALIDATORS, type ValidatorView } from '../primitives/validator-set.ts';
import type { ConsensusSpec } from '../spec/chain-spec.ts';
import { plainKernel } from '../state/kernel.ts';
import type { WorldState } from '../state/world-state.ts';
import type { ChainDependencies } from './chain-parts.ts';
import { undoBlock } from './execute.ts';
import { loadCheckpoint, usableCheckpoints } from './load-checkpoint.ts';
import { readBlock, readHeaderOf, readIdAt, readReceiptsOf } from './read-block.ts';
import type { HeadRecord, PrunedRecord } from './records.ts';
import { refuseData } from './rules.ts';
import { needsValidators, validatorSetIn } from './validators.ts';
import type { VerifyProgress } from './verify-chain.ts';

/** Where the execution of blocks may begin. */
export interface VerifiedStart {
  readonly id: Hash;
  readonly header: Header;
  readonly state: WorldState;
  /** Of the branch up to here. */
  readonly weight: bigint;
  /** Undo records behind it that led back to the states of their headers. */
  readonly undos: number;
}

type Verifying<T> = Generator<VerifyProgress, T, undefined>;
type GenesisState = ReturnType<typeof createGenesis>;
type SealChecks = ChainDependencies & { readonly verifySeal: VerifySignature };

/** The states of which the validators are known: that of the genesis block, and that of the checkpoint. */
interface SealContext {
  readonly spec: ConsensusSpec;
  readonly states: readonly WorldState[];
}

interface Link {
  readonly id: Hash;
  readonly header: Header;
  /** Of the branch up to here. */
  readonly weight: bigint;
}

/**
 * Checks the part of a pruned store whose blocks cannot be executed any more: all headers with links, seals (as far as
 * it is known who had to seal them, where that is no matter of the header alone) and weight; blocks that are still
 * there, and their receipts, by the roots in their headers; the older checkpoint by the state root in its header; and
 * that the undo records before it lead from state root to state root.
 *
 * @returns the first block whose state can be had and after which every block is there, so that all of them can be
 *   executed; or `data/…`, or the rule of a header
 */
export function* verifyPruned(
  spec: ConsensusSpec,
  deps: SealChecks,
  genesis: GenesisState,
  head: HeadRecord,
  pruned: PrunedRecord,
): Verifying<Result<VerifiedStart>> {
  const { store } = deps;
  const { block } = genesis;
  const oldest = usableCheckpoints(store, head.height).findLast(
    ({ manifest }) => manifest.height >= pruned.blocks,
  );
  if (oldest === undefined)
    return refuseData('data/corrupt-record', { record: 'checkpoint', height: pruned.blocks });
  // Its validators are needed for the seals of the headers; elsewhere the headers come first.
  const early = needsValidators(spec) ? yield* loadWhole(deps, oldest, head.height) : undefined;
  if (early?.ok === false) return early;
  const context = { spec, states: [genesis.state, early?.value ?? genesis.state] } as const;
  const links: Link[] = [{ id: block.id, header: block.header, weight: 0n }];
  for (let height = 1; height <= oldest.manifest.height; height++) {
    const next = verifyLink(deps, context, links.at(-1) as Link, height);
    if (!next.ok) return next;
    const damaged = height > pruned.blocks ? verifyKept(deps, block.id, next.value.id) : undefined;
    if (damaged !== undefined) return atHeight(damaged, height);
    links.push(next.value);
    // Undo records need the headers behind them, and those before the first record nobody.
    if (height <= pruned.undo) links.shift();
    yield { height, headHeight: head.height };
  }
  const state = early ?? (yield* loadWhole(deps, oldest, head.height));
  if (!state.ok) return state;
  return walkBack(deps, links, state.value, pruned.blocks);
}

/** The header that the height index names, if it follows the one before. */
function verifyLink(
  { store, consensus, verifySeal }: SealChecks,
  context: SealContext,
  before: Link,
  height: number,
): Result<Link> {
  const id = readIdAt(store, height);
  if (id === undefined) return refuseData('data/missing-block', { height });
  const read = readHeaderOf(store, id);
  if (!read.ok) return atHeight(read, height);
  const header = read.value;
  if (header.height !== height || !equalBytes(header.parent, before.id)) {
    return refuseData('data/corrupt-record', { record: 'height index', height, id: toHex(id) });
  }
  const validators = knownValidators(context, height);
  const sealed =
    validators === undefined
      ? OK
      : consensus.production.verifyHeader(header, before.header, { verify: verifySeal, validators });
  const weight = before.weight + consensus.production.weight(header);
  return sealed.ok ? ok({ id, header, weight }) : atHeight(sealed, height);
}

/** What the seal of a header is checked with; undefined where it is forgotten who the validators of its epoch were. */
function knownValidators({ spec, states }: SealContext, height: number): ValidatorView | undefined {
  const { validators } = spec;
  if (validators === undefined || !needsValidators(spec)) return NO_VALIDATORS;
  const at = (epoch: number) =>
    states.map((state) => validatorSetIn(state, epoch)).find((set) => set !== undefined);
  return at(epochOfHeight(height, validators.epochBlocks)) === undefined ? undefined : { at };
}

function verifyKept({ store }: ChainDependencies, chainId: Hash, id: Hash): Failure | undefined {
  const block = readBlock(store, id, chainId);
  if (!block.ok) return block;
  const receipts = readReceiptsOf(store, id);
  return receipts.ok ? undefined : receipts;
}

function* loadWhole(
  { store, kernel = plainKernel }: ChainDependencies,
  { slot, manifest }: ReturnType<typeof usableCheckpoints>[number],
  headHeight: number,
): Verifying<Result<WorldState>> {
  const { height } = manifest;
  const loading = loadCheckpoint(store, slot, manifest, kernel);
  let step = loading.next();
  for (; step.done !== true; step = loading.next()) yield { height, headHeight };
  return step.value;
}

/** Undoes blocks from the last link down to the first; the lowest place from which on there are all blocks. */
function walkBack(
  { store }: ChainDependencies,
  links: readonly Link[],
  last: WorldState,
  prunedHeight: number,
): Result<VerifiedStart> {
  let state = last;
  let start: VerifiedStart = { ...(links.at(-1) as Link), state, undos: 0 };
  for (let i = links.length - 1; i > 0; i--) {
    const [before, after] = [links[i - 1] as Link, links[i] as Link];
    const undone = undoBlock(store, after.id, state, before.header);
    if (!undone.ok) return atHeight(undone, after.header.height);
    state = undone.value;
    // Undo records of blocks that are executed are counted then.
    if (before.header.height >= prunedHeight) start = { ...before, state, undos: 0 };
    else start = { ...start, undos: start.undos + 1 };
  }
  return ok(start);
}

/** The same refusal, with the height of the block as evidence. */
export function atHeight(failure: Failure, height: number): Failure {
  return { ok: false, error: { ...failure.error, evidence: { height, ...failure.error.evidence } } };
}
