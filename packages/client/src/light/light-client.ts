import { toHex } from '@calin/core/base/bytes.ts';
import type { Failure, Result } from '@calin/core/base/result.ts';
import { OK, ok } from '@calin/core/base/result.ts';
import { needsValidators } from '@calin/core/chain/validators.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { createVotesJudge } from '@calin/core/consensus/votes/judge.ts';
import { createVotesEachJudge } from '@calin/core/consensus/votes-each/judge.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { VerifySignature } from '@calin/core/crypto/signature.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { readValidatorSet } from '@calin/core/ledger/stake/validator-sets.ts';
import { epochOfHeight } from '@calin/core/primitives/validator-set.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { viewOf } from '@calin/core/state/view.ts';
import { Ancestors } from './ancestors.ts';
import { type CheckpointJson, formatCheckpoint, isBlock, type LightCheckpoint } from './checkpoint.ts';
import { FinalityFollower, type LightConflict } from './finality-follower.ts';
import { checkClock, type Followed, followed, readOneHeader } from './followed.ts';
import type { Follower } from './follower.ts';
import { HeaderFollower } from './header-follower.ts';
import { KnownSets, proveSets } from './known-sets.ts';
import { type LightRequest, type LightUpdate, type ServerTip, updateBytes } from './light-update.ts';
import { refuseLight } from './rules.ts';
import { SetSchedule } from './set-schedule.ts';
import { trustPeriodMs } from './trust.ts';

/** What a light client is for. */
export interface LightOptions {
  readonly spec: ChainSpec;
  /** Where trust begins; the genesis block when left out. */
  readonly checkpoint?: LightCheckpoint | undefined;
  /** For how long what is trusted is good to go on from; {@link trustPeriodMs} when left out. */
  readonly trustMs?: number | undefined;
}

/** What a light client works with. */
export interface LightDependencies {
  readonly verify: VerifySignature;
}

/**
 * Follows a chain without its blocks: by work, by the turns of authorities, or by proofs of finality, as the spec says.
 * A synchronous state machine without clock and network, for browsers and Node alike: it says what it wants to know
 * ({@link next}), whoever drives it asks any server, and gives it the answer ({@link take}).
 *
 * @see docs/reference/light-client.md
 * @example
 * const begun = LightClient.begin({ spec }, { verify: verifySignature });
 * if (begun.ok) await followLight(begun.value, rpc, { nowMs: Date.now });
 */
export class LightClient {
  readonly chainId: Hash;
  readonly #spec: ChainSpec;
  readonly #verify: VerifySignature;
  readonly #trustMs: number;
  readonly #sets: KnownSets;
  readonly #checkpoint: LightCheckpoint;
  readonly #ancestors = new Ancestors();
  #follower: HeaderFollower | FinalityFollower | undefined;
  #bytes = 0;

  private constructor(options: LightOptions, { verify }: LightDependencies) {
    const { spec, trustMs = trustPeriodMs(spec) } = options;
    const { block, state } = createGenesis(spec);
    this.chainId = block.id;
    this.#spec = spec;
    this.#verify = verify;
    this.#trustMs = usesSets(spec) ? trustMs : Number.POSITIVE_INFINITY;
    const view = viewOf(state);
    const first = [0, 1].flatMap((epoch) => (usesSets(spec) ? (readValidatorSet(view, epoch) ?? []) : []));
    this.#checkpoint = options.checkpoint ?? {
      height: 0,
      id: block.id,
      header: followed(block.header),
      sets: first,
    };
    this.#sets = new KnownSets(this.#checkpoint.sets);
    const { header } = this.#checkpoint;
    if (header !== undefined && this.#missingSets().length === 0) this.#follower = this.#follow(header);
  }

  /** A client of a chain, or `light/unsupported` when its blocks do not show by themselves that they count. */
  static begin(options: LightOptions, dependencies: LightDependencies): Result<LightClient> {
    const supported = checkSupport(options.spec);
    return supported.ok ? ok(new LightClient(options, dependencies)) : supported;
  }

  /** The last block that can no longer be undone; undefined before the header of the checkpoint has come. */
  get final(): Followed | undefined {
    return this.#follower?.final;
  }

  /** The last block of the best branch; the final one where finality is all that is followed. */
  get head(): Followed | undefined {
    return this.#follower?.head;
  }

  /** Bytes of all updates so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** How the chain is followed. */
  get mode(): 'headers' | 'finality' {
    return isByVotes(this.#spec) ? 'finality' : 'headers';
  }

  /** The time after which what is trusted is too old to go on from; undefined where it never is. */
  get trustedUntilMs(): number | undefined {
    const { final } = this;
    if (final === undefined || !Number.isFinite(this.#trustMs)) return undefined;
    return final.header.timeMs + this.#trustMs;
  }

  /** What was found when two quorums contradicted each other. */
  get conflict(): LightConflict | undefined {
    return this.#follower instanceof FinalityFollower ? this.#follower.conflict : undefined;
  }

  /** A header that is followed: of the best branch, or an ancestor of it that was asked for. */
  at(height: number): Result<Followed> {
    const found = this.#follower?.at(height) ?? this.#ancestors.at(height);
    return found === undefined ? refuseLight('light/not-followed', { height }) : ok(found);
  }

  /** What to ask a server for that says it is there; undefined when it has nothing new. */
  next(tip: ServerTip): LightRequest | undefined {
    if (this.#follower !== undefined) return this.#follower.next(tip);
    return { kind: 'anchor', height: this.#checkpoint.height, sets: this.#missingSets() };
  }

  /**
   * Takes what a server sent. Nothing changes unless all of it holds.
   *
   * @param nowMs - the time by a clock that is about right
   * @returns true when something new was learned, or the rule that was broken
   */
  take(update: LightUpdate, nowMs: number): Result<boolean> {
    this.#bytes += updateBytes(update);
    if (update.kind === 'anchor') return this.#takeAnchor(update, nowMs);
    if (this.#follower === undefined) return refuseLight('light/waiting');
    if (update.kind !== 'ancestors') return this.#follower.take(update, nowMs);
    const follower: Follower = this.#follower;
    return this.#ancestors.take(update.headers, (height) => follower.at(height));
  }

  /** What a later client, or another one, can begin with; undefined before anything is trusted. */
  save(): CheckpointJson | undefined {
    const { final } = this;
    if (final === undefined) return undefined;
    const epochBlocks = this.#spec.consensus.validators?.epochBlocks ?? 1;
    const epoch = epochOfHeight(final.header.height, epochBlocks);
    return formatCheckpoint(
      final,
      this.#sets.all().filter((set) => set.epoch >= epoch),
      this.chainId,
    );
  }

  #takeAnchor(update: Extract<LightUpdate, { kind: 'anchor' }>, nowMs: number): Result<boolean> {
    if (this.#follower !== undefined) return refuseLight('light/unexpected');
    const read = readOneHeader(update.header);
    if (!read.ok) return read;
    const { height, id } = this.#checkpoint;
    if (!isBlock(read.value, height, id)) {
      return refuseLight('light/anchor', { got: toHex(read.value.id), expected: toHex(id) });
    }
    const clock = checkClock(read.value, nowMs);
    if (!clock.ok) return clock;
    const sets = proveSets(read.value, update.sets);
    if (!sets.ok) return sets;
    const missing = this.#missingSets().filter((epoch) => !sets.value.some((set) => set.epoch === epoch));
    if (missing.length > 0) return refuseLight('light/waiting', { epoch: missing[0] as number });
    this.#sets.add(sets.value);
    this.#follower = this.#follow(read.value);
    return ok(true);
  }

  /** The sets that sign for blocks after the checkpoint, as far as nobody gave them. */
  #missingSets(): readonly number[] {
    const { validators } = this.#spec.consensus;
    if (!usesSets(this.#spec) || validators === undefined) return [];
    const epoch = epochOfHeight(this.#checkpoint.height + 1, validators.epochBlocks);
    return [epoch, epoch + 1].filter((one) => this.#sets.at(one) === undefined);
  }

  #follow(anchor: Followed): HeaderFollower | FinalityFollower {
    const spec = this.#spec;
    const { finality, validators } = spec.consensus;
    if (finality.kind === 'depth' || validators === undefined) {
      const consensus = createConsensus(spec);
      return new HeaderFollower(anchor, {
        spec,
        consensus,
        verify: this.#verify,
        sets: this.#sets,
        trustMs: this.#trustMs,
      });
    }
    const { epochBlocks } = validators;
    const sets = this.#sets;
    const context = { chainId: this.chainId, epochBlocks, validators: sets, verify: this.#verify };
    const judge = finality.kind === 'votes' ? createVotesJudge(context) : createVotesEachJudge(context);
    return new FinalityFollower(anchor, { finality, epochBlocks, trustMs: this.#trustMs, sets, judge });
  }
}

function isByVotes({ consensus: { finality } }: ChainSpec): boolean {
  return finality.kind !== 'depth';
}

/** Whether sets of validators say what counts; else work does, or authorities that stay the same. */
function usesSets(spec: ChainSpec): boolean {
  return isByVotes(spec) || needsValidators(spec.consensus);
}

/** Whether headers or certificates alone say what counts. */
function checkSupport(spec: ChainSpec): Result<undefined> {
  const { production, finality, validators } = spec.consensus;
  const got = `${production.kind} + ${finality.kind}`;
  if (finality.kind === 'depth') {
    if (!needsValidators(spec.consensus)) return OK;
    const isSettled = validators !== undefined && finality.blocks <= validators.epochBlocks;
    return isSettled ? OK : unsupported(got, 'blocks that are final an epoch later');
  }
  if (validators === undefined) return unsupported(got, 'validators');
  const schedule = new SetSchedule({ finality, epochBlocks: validators.epochBlocks });
  return schedule.isFollowable ? OK : unsupported(got, 'an epoch of two checkpoints or more');
}

function unsupported(got: string, expected: string): Failure {
  return refuseLight('light/unsupported', { got, expected });
}
