import { amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { concatBytes } from '@calin/core/base/bytes.ts';
import { encodeLinkCertificate, type Link, linkMessage } from '@calin/core/consensus/votes/link.ts';
import { encodeCertificate } from '@calin/core/consensus/votes-each/certificate.ts';
import { type Vote, voteMessage } from '@calin/core/consensus/votes-each/vote.ts';
import { mockKey, mockSign, mockVerify } from '@calin/core/consensus/voting/mock-signatures.testing.ts';
import { type Hash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { PublicKey, Signature, VerifySignature } from '@calin/core/crypto/signature.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import {
  deleteValidatorSet,
  readValidatorSet,
  validatorSetKey,
  writeValidatorSet,
} from '@calin/core/ledger/stake/validator-sets.ts';
import { testSpec } from '@calin/core/ledger/testing/spec.testing.ts';
import { encodeHeader, type Header } from '@calin/core/primitives/header.ts';
import {
  encodeValidatorSet,
  epochOfHeight,
  quorumWeight,
  sortValidators,
  type Validator,
  type ValidatorSet,
} from '@calin/core/primitives/validator-set.ts';
import type { ChainSpec, FinalitySpec } from '@calin/core/spec/chain-spec.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import { encodeStateProof, proveState } from '@calin/core/state/state-proof.ts';
import { storageKey } from '@calin/core/state/storage.ts';
import { Overlay, viewOf } from '@calin/core/state/view.ts';
import { applyChanges, stateRoot, type WorldState } from '@calin/core/state/world-state.ts';
import { type Followed, followed } from './followed.ts';
import type { LightRequest, LightUpdate, ServerTip, SetProof } from './light-update.ts';

/** Signs for validators whose secrets the test has. */
export type SignFor = (publicKey: PublicKey, message: Hash) => Signature;

/** What a {@link LightChain} is made of. */
export interface LightChainOptions {
  readonly spec: ChainSpec;
  /** The members that epoch 2 and each later one has. */
  readonly membersOf: (epoch: number) => readonly Validator[];
  readonly sign: SignFor;
  /** Entries of the state beside the sets, for proofs of some length. */
  readonly entries?: number;
  /** True when everybody signs, and not only as many as make a quorum. */
  readonly allSign?: boolean;
}

/** How far sets are kept in the state behind the newest. */
const SETS_IN_STATE = 8;

/** Signatures that cost nothing. */
export const MOCK: { readonly sign: SignFor; readonly verify: VerifySignature } = {
  sign: mockSign,
  verify: mockVerify,
};

/** Members with {@link mockKey}s and these weights. */
export function mockMembers(first: number, weights: readonly number[]): readonly Validator[] {
  return sortValidators(weights.map((weight, i) => ({ publicKey: mockKey(first + i), weight })));
}

/** A spec by whose votes blocks become final; whoever has the first keys votes in epochs 0 and 1. */
export function votingSpec(
  finality: FinalitySpec,
  authorities: readonly PublicKey[],
  epochBlocks: number,
): ChainSpec {
  const spec = testSpec();
  const production =
    finality.kind === 'votes-each'
      ? ({ kind: 'leader' } as const)
      : ({ kind: 'poa', authorities: [], slotMs: 1000 } as const);
  const validators = { kind: 'authorities', authorities, epochBlocks } as const;
  return { ...spec, consensus: { production, finality, validators } };
}

/** Votes on each block, a second apart. */
export const VOTES_EACH: FinalitySpec = {
  kind: 'votes-each',
  blockMs: 1000,
  proposeMs: 1000,
  voteMs: 1000,
  growthMs: 500,
  resendMs: 1000,
};

/** Votes on checkpoints. */
export function votes(intervalBlocks: number): FinalitySpec {
  return { kind: 'votes', intervalBlocks, lagBlocks: 1, resendMs: 1000 };
}

interface ChainBlock extends Followed {
  readonly state: WorldState;
}

/**
 * A chain of headers over true states that hold the sets of validators as the ledger writes them, with certificates of
 * whoever is in the set; and a server of it. It may fork from itself.
 */
export class LightChain {
  readonly options: LightChainOptions;
  readonly #blocks: ChainBlock[];

  constructor(options: LightChainOptions, blocks?: readonly ChainBlock[]) {
    this.options = options;
    this.#blocks = [...(blocks ?? [])];
    if (blocks !== undefined) return;
    const genesis = createGenesis(options.spec);
    const overlay = new Overlay(viewOf(genesis.state));
    for (let i = 0; i < (options.entries ?? 0); i++) {
      overlay.setValue(NAMESPACE.data, validatorSetKey(i), Uint8Array.of(1));
    }
    // The entries are there from block 1 on: the genesis block follows from the spec.
    const { state } = applyChanges(genesis.state, overlay.changes());
    this.#blocks.push({ ...followed(genesis.block.header), state });
  }

  get chainId(): Hash {
    return this.block(0).id;
  }

  get height(): number {
    return this.#blocks.length - 1;
  }

  get epochBlocks(): number {
    return this.options.spec.consensus.validators?.epochBlocks ?? 1;
  }

  get finality(): FinalitySpec {
    return this.options.spec.consensus.finality;
  }

  /** The time of the head. */
  get nowMs(): number {
    return this.block(this.height).header.timeMs;
  }

  block(height: number): ChainBlock {
    const block = this.#blocks[height];
    assert(block !== undefined, `no block ${height}`);
    return block;
  }

  /** The set of an epoch, as the last state in which it stands has it. */
  set(epoch: number): ValidatorSet {
    const written = Math.min(this.height, Math.max(0, (epoch - 1) * this.epochBlocks));
    const set = readValidatorSet(viewOf(this.block(written).state), epoch);
    assert(set !== undefined, `no set ${epoch} at ${written}`);
    return set;
  }

  /** Adds blocks; `mark` makes those of two branches differ. */
  grow(count: number, mark = 0): this {
    for (let i = 0; i < count; i++) this.#add(mark);
    return this;
  }

  /** Another chain that begins with the blocks up to a height. */
  fork(height: number, changes: Partial<LightChainOptions> = {}): LightChain {
    return new LightChain({ ...this.options, ...changes }, this.#blocks.slice(0, height + 1));
  }

  /**
   * The certificate that makes a block final, with the signatures of these members; of as many of the first ones as
   * make a quorum when left out.
   */
  certificate(height: number, members?: readonly number[], round = 0): Uint8Array {
    return this.finality.kind === 'votes'
      ? this.#link(height, this.finality.intervalBlocks, members)
      : this.#precommits(height, members, round);
  }

  /** The proof of a set in the state after a block. */
  proveSet(epoch: number, height: number): SetProof {
    const { state } = this.block(height);
    const set = readValidatorSet(viewOf(state), epoch);
    assert(set !== undefined, `no set ${epoch} after ${height}`);
    const key = storageKey(NAMESPACE.validators, validatorSetKey(epoch));
    const proof = encodeStateProof(proveState(state, 'storage', key));
    return { epoch, set: encodeValidatorSet(set), proof };
  }

  /** A header with its certificate and sets. */
  final(
    height: number,
    sets: readonly number[] = [],
    members?: readonly number[],
  ): LightUpdate & { kind: 'final' } {
    return {
      kind: 'final',
      header: encodeHeader(this.block(height).header),
      certificate: this.certificate(height, members),
      sets: sets.map((epoch) => this.proveSet(epoch, height)),
    };
  }

  /** The highest block that has a certificate. */
  get finalHeight(): number {
    if (this.finality.kind !== 'votes') return this.height;
    const { intervalBlocks } = this.finality;
    return Math.max(0, Math.floor(this.height / intervalBlocks) - 1) * intervalBlocks;
  }

  /** What an honest server says. */
  tip(): ServerTip {
    const { id, header } = this.block(this.height);
    return { head: { height: header.height, id }, finalHeight: this.finalHeight };
  }

  /** What an honest server answers. */
  answer(request: LightRequest): LightUpdate {
    switch (request.kind) {
      case 'anchor': {
        const sets = request.sets.map((epoch) => this.proveSet(epoch, request.height));
        return { kind: 'anchor', header: encodeHeader(this.block(request.height).header), sets };
      }
      case 'final': {
        const interval = this.finality.kind === 'votes' ? this.finality.intervalBlocks : 1;
        return this.final(Math.ceil(request.height / interval) * interval, request.sets);
      }
      case 'sets':
        throw new Error('votes need no sets beside certificates');
      default:
        return { kind: request.kind, headers: this.headers(request.from, this.height) };
    }
  }

  /** Headers end to end. */
  headers(from: number, to: number): Uint8Array {
    return concatBytes(...this.#blocks.slice(from, to + 1).map(({ header }) => encodeHeader(header)));
  }

  #add(mark: number): void {
    const parent = this.block(this.height);
    const height = parent.header.height + 1;
    const state = height % this.epochBlocks === 0 ? this.#endEpoch(parent.state, height) : parent.state;
    const header: Header = {
      ...parent.header,
      height,
      parent: parent.id,
      timeMs: parent.header.timeMs + 1000,
      producer: ZERO_HASH,
      stateRoot: stateRoot(state),
      baseFee: amount(1),
      gasUsed: mark,
      // As long as a claim of a lottery with its signature.
      seal: new Uint8Array(144).fill(mark),
    };
    this.#blocks.push({ ...followed(header), state });
  }

  #endEpoch(state: WorldState, height: number): WorldState {
    const epoch = height / this.epochBlocks + 1;
    const overlay = new Overlay(viewOf(state));
    writeValidatorSet(overlay, { epoch, members: this.options.membersOf(epoch) });
    deleteValidatorSet(overlay, epoch - SETS_IN_STATE);
    return applyChanges(state, overlay.changes()).state;
  }

  #precommits(height: number, members: readonly number[] | undefined, round: number): Uint8Array {
    const set = this.set(epochOfHeight(height, this.epochBlocks));
    const blockId = this.block(height).id;
    const vote: Vote = { kind: 'precommit', epoch: set.epoch, height, round, validRound: -1, blockId };
    const signers = this.#signers(set, members, voteMessage(this.chainId, vote));
    return encodeCertificate({ ...vote, kind: 'precommit', ...signers });
  }

  #link(height: number, interval: number, members: readonly number[] | undefined): Uint8Array {
    const [source, target] = [this.block(height), this.block(height + interval)];
    const set = this.set(epochOfHeight(height + interval, this.epochBlocks));
    const link: Link = {
      epoch: set.epoch,
      source: { height, id: source.id },
      target: { height: height + interval, id: target.id },
    };
    return encodeLinkCertificate({
      ...link,
      ...this.#signers(set, members, linkMessage(this.chainId, link)),
    });
  }

  #signers(set: ValidatorSet, members: readonly number[] | undefined, message: Hash) {
    const indices = members ?? (this.options.allSign ? [...set.members.keys()] : quorumOf(set));
    const signatures = indices.map((index) =>
      this.options.sign((set.members[index] as Validator).publicKey, message),
    );
    return { memberCount: set.members.length, indices, signatures };
  }
}

/** The first members that make a quorum together. */
function quorumOf(set: ValidatorSet): readonly number[] {
  const indices: number[] = [];
  let weight = 0;
  for (const [i, member] of set.members.entries()) {
    if (weight >= quorumWeight(set)) break;
    indices.push(i);
    weight += member.weight;
  }
  return indices;
}
