import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Failure, Result } from '@calin/core/base/result.ts';
import { OK, ok } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import type { Judge } from '@calin/core/primitives/judge.ts';
import type { ValidatorSet } from '@calin/core/primitives/validator-set.ts';
import type { FinalitySpec } from '@calin/core/spec/chain-spec.ts';
import { type Certified, evidenceIn, isContradiction, readCertified } from './certified.ts';
import { checkClock, type Followed, readOneHeader } from './followed.ts';
import type { Follower } from './follower.ts';
import { type KnownSets, proveSets } from './known-sets.ts';
import type { LightRequest, LightUpdate, ServerTip } from './light-update.ts';
import { CERTIFICATES_KEPT } from './limits.ts';
import { refuseLight } from './rules.ts';
import { SetSchedule } from './set-schedule.ts';
import { checkTrust } from './trust.ts';

/** A block that a quorum made final. */
interface Final extends Followed {
  readonly certified: Certified;
}

/** The same, or the block that the client began with, which needs no certificate. */
interface Trusted extends Followed {
  readonly certified?: Certified;
}

/** Two blocks that exclude each other, each with the signatures of a quorum; or one of them is where trust begins. */
export interface LightConflict {
  /** What was followed first, and what came later. */
  readonly blocks: readonly [Followed, Followed];
  readonly certificates: readonly [Uint8Array | undefined, Uint8Array];
  /** Each fit for an `evidence` action: what no honest validator signs. */
  readonly evidence: readonly Uint8Array[];
  /** Whom the evidence names. */
  readonly guilty: readonly PublicKey[];
}

/** What a follower of certificates works with. */
export interface FinalityFollowerDependencies {
  readonly finality: FinalitySpec;
  readonly epochBlocks: number;
  /** See {@link trustPeriodMs}. */
  readonly trustMs: number;
  /** The sets that are trusted with the anchor; those that are proved later come to them. */
  readonly sets: KnownSets;
  /** Checks certificates and evidence by these sets. */
  readonly judge: Judge;
}

/**
 * Follows a chain by proofs of finality alone: a certificate of a set that is known makes a header final, whatever lies
 * between, and the state after that header proves the sets of later epochs. So one header, one certificate and one set
 * carry the client over an epoch, or over two where each block has a certificate.
 */
export class FinalityFollower implements Follower {
  readonly #dependencies: FinalityFollowerDependencies;
  readonly #schedule: SetSchedule;
  readonly #anchor: Trusted;
  #final: Followed;
  /** The last ones that were taken, in the order of their coming. */
  #finals: Final[] = [];
  #conflict: LightConflict | undefined;

  constructor(anchor: Followed, dependencies: FinalityFollowerDependencies) {
    this.#dependencies = dependencies;
    this.#schedule = new SetSchedule(dependencies);
    this.#anchor = anchor;
    this.#final = anchor;
  }

  get head(): Followed {
    return this.#final;
  }

  get final(): Followed {
    return this.#final;
  }

  /** What was found when two quorums contradicted each other; the client takes nothing more then. */
  get conflict(): LightConflict | undefined {
    return this.#conflict;
  }

  /** The certificate of the last final block; undefined for the anchor. */
  get certificate(): Uint8Array | undefined {
    return this.#finals.find(({ id }) => equalBytes(id, this.#final.id))?.certified.bytes;
  }

  at(height: number): Followed | undefined {
    if (height === this.#final.header.height) return this.#final;
    return this.#finals.find(({ header }) => header.height === height);
  }

  next({ finalHeight }: ServerTip): LightRequest | undefined {
    if (finalHeight <= this.#final.header.height) return undefined;
    return { kind: 'final', ...this.#schedule.next(this.#dependencies.sets, finalHeight) };
  }

  take(update: LightUpdate, nowMs: number): Result<boolean> {
    if (update.kind !== 'final') return refuseLight('light/unexpected');
    if (this.#conflict !== undefined) return refuseConflict(this.#conflict);
    const read = this.#read(update.header, update.certificate);
    if (!read.ok) return read;
    const final = read.value;
    const signed = this.#check(final, nowMs);
    if (!signed.ok) return signed;
    const proved = proveSets(final, update.sets);
    const rival = this.#rivalOf(final, proved.ok ? proved.value : []);
    if (rival === undefined) return proved.ok ? ok(this.#adopt(final, proved.value)) : proved;
    this.#conflict = this.#describe(rival, final);
    return refuseConflict(this.#conflict);
  }

  #read(headerBytes: Uint8Array, certificate: Uint8Array): Result<Final> {
    const certified = readCertified(this.#dependencies.finality, certificate);
    if (!certified.ok) return certified;
    const header = readOneHeader(headerBytes);
    if (!header.ok) return header;
    const { id, height } = certified.value;
    const isSame = header.value.header.height === height && equalBytes(header.value.id, id);
    if (!isSame) return refuseLight('light/header-mismatch', { height, got: toHex(header.value.id) });
    return ok({ ...header.value, certified: certified.value });
  }

  /** Whether a quorum of a set that is known, and may still be believed, signed. */
  #check({ id, header, certified }: Final, nowMs: number): Result<undefined> {
    const { judge, sets, trustMs } = this.#dependencies;
    const clock = checkClock({ id, header }, nowMs);
    if (!clock.ok) return clock;
    for (const old of [this.#final.header, header]) {
      const trust = checkTrust(old, trustMs, nowMs);
      if (!trust.ok) return trust;
    }
    const { epoch } = certified.certificate;
    if (sets.at(epoch) === undefined) {
      const rule = epoch < sets.oldest ? 'light/trust-expired' : 'light/set-unknown';
      return refuseLight(rule, { got: epoch, known: sets.newest });
    }
    const attendance = judge.certificate(certified.bytes);
    return attendance.ok ? OK : attendance;
  }

  /** What was followed before and excludes a block that is as well signed. */
  #rivalOf(final: Final, proved: readonly ValidatorSet[]): Trusted | undefined {
    const { height, parent } = final.header;
    const rival = [this.#anchor, ...this.#finals].find(({ id, header, certified }) => {
      if (certified !== undefined && isContradiction(certified, final.certified)) return true;
      if (header.height === height) return !equalBytes(id, final.id);
      if (header.height === height - 1) return !equalBytes(parent, id);
      return header.height === height + 1 && !equalBytes(header.parent, final.id);
    });
    if (rival !== undefined) return rival;
    const { sets } = this.#dependencies;
    // A set is decided once on a branch, so another one for its epoch comes from another branch.
    return proved.some((set) => sets.contradicts(set)) ? (this.#finals.at(-1) ?? this.#anchor) : undefined;
  }

  #describe(first: Trusted, second: Final): LightConflict {
    const { judge, sets } = this.#dependencies;
    const evidence = first.certified === undefined ? [] : evidenceIn(first.certified, second.certified, sets);
    const guilty = evidence.flatMap((bytes) => {
      const conviction = judge.evidence(bytes);
      return conviction.ok ? [conviction.value.offender] : [];
    });
    const certificates = [first.certified?.bytes, second.certified.bytes] as const;
    return { blocks: [first, second], certificates, evidence, guilty };
  }

  #adopt(final: Final, proved: readonly ValidatorSet[]): boolean {
    const { sets } = this.#dependencies;
    const newSets = proved.filter(({ epoch }) => sets.at(epoch) === undefined);
    sets.add(newSets);
    const isKnown = this.#finals.some(({ id }) => equalBytes(id, final.id));
    if (!isKnown) this.#finals = [...this.#finals, final].slice(-CERTIFICATES_KEPT);
    const isHigher = final.header.height > this.#final.header.height;
    if (isHigher) this.#final = { id: final.id, header: final.header };
    return isHigher || !isKnown || newSets.length > 0;
  }
}

function refuseConflict({ blocks: [a, b], guilty }: LightConflict): Failure {
  const facts = { height: b.header.height, followed: toHex(a.id), other: toHex(b.id) };
  return refuseLight('light/conflicting-final', { ...facts, guilty: guilty.length, ...firstOf(guilty) });
}

function firstOf(guilty: readonly Hash[]): { readonly first?: string } {
  const [first] = guilty;
  return first === undefined ? {} : { first: toHex(first) };
}
