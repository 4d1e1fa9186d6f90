import { compareBytes, equalBytes } from '@calin/core/base/bytes.ts';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { Failure, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Consensus } from '@calin/core/consensus/engine.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { VerifySignature } from '@calin/core/crypto/signature.ts';
import { NO_VALIDATORS } from '@calin/core/primitives/validator-set.ts';
import { HEADERS_MAX } from '@calin/core/rpc/limits.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { EpochSets } from './epoch-sets.ts';
import { checkClock, checkLink, type Followed, readHeaders } from './followed.ts';
import type { Follower } from './follower.ts';
import type { KnownSets } from './known-sets.ts';
import type { LightRequest, LightUpdate, ServerTip, SetProof } from './light-update.ts';
import { FUTURE_DRIFT_MS_MAX, HEADERS_KEPT, SIDE_HEADERS_MAX } from './limits.ts';
import { refuseLight } from './rules.ts';
import { checkTrust } from './trust.ts';

interface Weighed extends Followed {
  /** Of the branch from where the client began up to this block. */
  readonly weight: bigint;
}

/** What a follower of headers works with. */
export interface HeaderFollowerDependencies {
  readonly spec: ChainSpec;
  readonly consensus: Consensus;
  readonly verify: VerifySignature;
  /** The sets that are trusted with the anchor; those that are proved later come to them. */
  readonly sets: KnownSets;
  /** See {@link trustPeriodMs}. */
  readonly trustMs: number;
}

/**
 * Follows a chain whose blocks are final by depth: every header is checked as a full node checks it (work or turn,
 * seal, time), the heaviest branch wins, and what is final is never left again. On a chain of constant authorities the
 * last headers may stand for all of them, see {@link HeaderFollower.take}. Where validators of epochs make the blocks,
 * the state after a final block proves the set of an epoch before its first header comes.
 */
export class HeaderFollower implements Follower {
  readonly #dependencies: HeaderFollowerDependencies;
  readonly #epochSets: EpochSets;
  /** The best branch without a gap: some headers below the final one, up to the head. Never empty. */
  #branch: Weighed[];
  /** A branch that was lighter when it was last seen: it begins after a header of the best one. */
  #side: Weighed[] = [];
  #finalHeight: number;
  /** How far before the head the next headers are asked for, while what a server sends connects to nothing. */
  #stepBack = 0;

  constructor(anchor: Followed, dependencies: HeaderFollowerDependencies) {
    this.#dependencies = dependencies;
    this.#epochSets = new EpochSets(dependencies.sets, dependencies.spec.consensus);
    this.#branch = [{ ...anchor, weight: 0n }];
    this.#finalHeight = anchor.header.height;
  }

  get head(): Followed {
    return this.#head;
  }

  get final(): Followed {
    return this.#at(this.#finalHeight) as Weighed;
  }

  at(height: number): Followed | undefined {
    return this.#at(height);
  }

  next({ head: tip }: ServerTip): LightRequest | undefined {
    const known = this.#at(tip.height);
    if (known !== undefined && equalBytes(known.id, tip.id)) return undefined;
    const sets = this.#epochSets.missing((height) => this.#finalAt(height) !== undefined);
    if (sets !== undefined) return sets;
    const { height } = this.#head.header;
    const tail = this.#tailLength();
    if (tail !== undefined && tip.height - height > 2 * tail) {
      return { kind: 'tail', from: tip.height - tail + 1 };
    }
    const side = this.#side.at(-1);
    if (this.#stepBack === 0 && side !== undefined && side.header.height < tip.height) {
      return { kind: 'headers', from: side.header.height + 1 };
    }
    const from = Math.min(height + 1 - this.#stepBack, tip.height);
    return { kind: 'headers', from: Math.max(this.#finalHeight + 1, from) };
  }

  /**
   * Takes headers that follow what is known, or a tail.
   *
   * A **tail** is the end of a chain of constant authorities, which all block weights of are 1: as many headers as make
   * a block final, by more than half of the authorities. One of these is honest, so the first header of the tail is on
   * a branch that an honest authority has checked from genesis on. Nothing is known of the headers between.
   *
   * @returns true when something new was learned
   */
  take(update: LightUpdate, nowMs: number): Result<boolean> {
    const trust = checkTrust(this.final.header, this.#dependencies.trustMs, nowMs);
    if (!trust.ok) return trust;
    if (update.kind === 'sets') return this.#takeSets(update.height, update.sets);
    if (update.kind !== 'headers' && update.kind !== 'tail') return refuseLight('light/unexpected');
    const headers = readHeaders(update.headers);
    if (!headers.ok) return headers;
    const due = this.#due(headers.value, nowMs);
    if (!isSome(due)) return ok(false);
    return update.kind === 'headers' ? this.#takeHeaders(due, nowMs) : this.#takeTail(due, nowMs);
  }

  /**
   * Those before the first one that is ahead of its time: where time makes turns, that may be somebody who uses a later
   * turn at once, or a clock that is behind. It is taken when its time has come.
   */
  #due(headers: readonly Followed[], nowMs: number): readonly Followed[] {
    const { driftMsMax = FUTURE_DRIFT_MS_MAX } = this.#dependencies.consensus.production;
    const isAfter = (atMs: number) => (one: Followed) => one.header.timeMs > atMs;
    // A clock that is so wrong has to be said.
    if (headers.some(isAfter(nowMs + FUTURE_DRIFT_MS_MAX))) return headers;
    const early = headers.findIndex(isAfter(nowMs + driftMsMax));
    return early < 0 ? headers : headers.slice(0, early);
  }

  #takeHeaders(headers: readonly Followed[], nowMs: number): Result<boolean> {
    const start = headers.findIndex(({ id, header }) => !this.#has(header.height, id));
    const first = headers[start];
    if (first === undefined) {
      this.#stepBack = 0;
      return ok(false);
    }
    const parent = this.#find(first.header.height - 1, first.header.parent);
    if (parent === undefined) return this.#unconnected(first);
    const known = headers.slice(start).filter(({ header }) => this.#epochSets.isKnown(header.height));
    if (known.length === 0) return refuseLight('light/set-unknown', { height: first.header.height });
    const added = this.#check(parent, known, nowMs);
    if (!added.ok) return added;
    this.#stepBack = 0;
    return ok(this.#join(parent, added.value));
  }

  /** Checks headers that follow `parent` as a full node does. */
  #check(parent: Weighed, headers: readonly Followed[], nowMs: number): Result<Weighed[]> {
    const { consensus, verify, sets } = this.#dependencies;
    const { production } = consensus;
    const checked: Weighed[] = [];
    let before = parent;
    for (const one of headers) {
      for (const result of [
        checkLink(one, before),
        checkClock(one, nowMs),
        production.verifyHeader(one.header, before.header, { verify, validators: sets }),
      ]) {
        if (!result.ok) return result;
      }
      before = { ...one, weight: before.weight + production.weight(one.header) };
      checked.push(before);
    }
    return ok(checked);
  }

  /** Adds checked headers to the side branch, which becomes the best one when it is better. */
  #join(parent: Weighed, added: readonly Weighed[]): boolean {
    const onSide = this.#side.findIndex(({ id }) => equalBytes(id, parent.id));
    const side = [...this.#side.slice(0, onSide + 1), ...added];
    this.#side = side.length > SIDE_HEADERS_MAX ? [] : side;
    if (this.#side.length === 0) return false;
    const [first, last] = [side[0] as Weighed, side.at(-1) as Weighed];
    if (!this.#isBetter(last)) return true;
    this.#branch.splice(first.header.height - this.#lowest, Number.POSITIVE_INFINITY, ...side);
    this.#side = [];
    this.#settle();
    return true;
  }

  #isBetter(one: Weighed): boolean {
    const head = this.#head;
    if (one.weight !== head.weight) return one.weight > head.weight;
    return this.#dependencies.consensus.production.ties === 'smaller-id' && compareBytes(one.id, head.id) < 0;
  }

  /** Moves what is final after the head has moved, and lets old headers go. */
  #settle(): void {
    const { finality } = this.#dependencies.consensus;
    this.#finalHeight = Math.max(this.#finalHeight, finality.finalHeight(this.#head.header.height));
    const excess = this.#finalHeight - this.#lowest - HEADERS_KEPT;
    if (excess > 0) this.#branch.splice(0, excess);
  }

  #takeTail(headers: readonly [Followed, ...Followed[]], nowMs: number): Result<boolean> {
    const head = this.#head;
    const [first, ...rest] = headers;
    const expected = this.#tailLength();
    if (expected === undefined) return refuseLight('light/unexpected');
    if (first.header.height <= head.header.height)
      return refuseLight('light/tail-weak', { got: first.header.height });
    const { consensus, verify } = this.#dependencies;
    const context = { verify, validators: NO_VALIDATORS };
    const clock = checkClock(first, nowMs);
    if (!clock.ok) return clock;
    // Its parent is not here; its turn and its time follow from those of any block before it.
    const checked = consensus.production.verifyHeader(first.header, head.header, context);
    if (!checked.ok) return checked;
    const weight = head.weight + BigInt(first.header.height - head.header.height);
    const added = this.#check({ ...first, weight }, rest, nowMs);
    if (!added.ok) return added;
    const tail = [{ ...first, weight }, ...added.value];
    const makers = new Set(tail.map(({ header }) => bytesKey(header.producer)));
    const majority = Math.floor(this.#authorityCount() / 2) + 1;
    if (tail.length < this.#depth() + 1 || makers.size < majority) {
      return refuseLight('light/tail-weak', { got: makers.size, expected: majority, headers: tail.length });
    }
    this.#branch = tail;
    this.#side = [];
    this.#finalHeight = first.header.height;
    this.#settle();
    return ok(true);
  }

  #takeSets(height: number, proofs: readonly SetProof[]): Result<boolean> {
    const block = this.#finalAt(height);
    return block === undefined
      ? refuseLight('light/not-followed', { height })
      : this.#epochSets.take(block, proofs);
  }

  #finalAt(height: number): Followed | undefined {
    return height <= this.#finalHeight ? this.#at(height) : undefined;
  }

  #unconnected({ header }: Followed): Failure {
    const lowest = this.#finalHeight + 1;
    const isRival = header.height < lowest && this.#at(header.height) !== undefined;
    if (header.height === lowest || isRival) {
      return refuseLight('light/reorg-too-deep', { got: header.height, expected: lowest });
    }
    this.#stepBack = Math.min(Math.max(1, 2 * this.#stepBack), this.#head.header.height);
    return refuseLight('light/unconnected', { got: header.height });
  }

  get #head(): Weighed {
    return this.#branch.at(-1) as Weighed;
  }

  get #lowest(): number {
    return (this.#branch[0] as Weighed).header.height;
  }

  #at(height: number): Weighed | undefined {
    return this.#branch[height - this.#lowest];
  }

  #has(height: number, id: Hash): boolean {
    const known = this.#at(height);
    return known !== undefined && equalBytes(known.id, id);
  }

  /** The parent of something new: on the best branch not below what is final, or on the side branch. */
  #find(height: number, id: Hash): Weighed | undefined {
    if (height >= this.#finalHeight && this.#has(height, id)) return this.#at(height);
    return this.#side.find((one) => one.header.height === height && equalBytes(one.id, id));
  }

  #depth(): number {
    const { finality } = this.#dependencies.spec.consensus;
    return finality.kind === 'depth' ? finality.blocks : 0;
  }

  #authorityCount(): number {
    const { production } = this.#dependencies.spec.consensus;
    return production.kind === 'poa' ? production.authorities.length : 0;
  }

  /** How many headers a tail has; undefined where there is none, or where it would not fit in one answer. */
  #tailLength(): number | undefined {
    const authorities = this.#authorityCount();
    const length = this.#depth() + 1 + 2 * authorities;
    return authorities === 0 || length > HEADERS_MAX ? undefined : length;
  }
}

function isSome(headers: readonly Followed[]): headers is readonly [Followed, ...Followed[]] {
  return headers.length > 0;
}
