import { assert } from '../base/assert.ts';
import { concatBytes, equalBytes } from '../base/bytes.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import type { Consensus, Production, Turn } from '../consensus/engine.ts';
import { sign, type VerifySignature, verifySignature } from '../crypto/signature.ts';
import { proveVrf } from '../crypto/vrf.ts';
import type { LedgerAction } from '../ledger/actions/registry.ts';
import { draftBlock } from '../ledger/build-block.ts';
import { type BlockEnvironment, environmentAfter } from '../ledger/environment.ts';
import { createGenesis } from '../ledger/genesis.ts';
import type { RewardNews } from '../ledger/reward-actions.ts';
import { readValidatorSet } from '../ledger/stake/validator-sets.ts';
import { keyOpening, signBlank, type TestKey, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ValidatorView } from '../primitives/validator-set.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { coinOutpoint } from '../state/coin.ts';
import { viewOf } from '../state/view.ts';
import { stateCoins, type WorldState } from '../state/world-state.ts';

/** Keys that may make blocks, beside those that buy a place later. */
const VALIDATOR_KEYS = [10, 11, 12, 13] as const;

/** Times that are tried before a branch that nobody may go on with is given up. */
const SLOTS_TRIED = 64;

/** One block with the state after it. */
export interface BranchBlock {
  readonly block: Block;
  readonly env: BlockEnvironment;
  readonly state: WorldState;
}

/** What a block may have otherwise. */
export interface BranchBlockOptions {
  readonly actions?: readonly (readonly [owner: number, action: LedgerAction])[];
  /** Milliseconds that pass before anybody looks for a turn; one slot when left out. */
  readonly afterMs?: number;
  readonly news?: RewardNews;
  /** Which of those who may make it does, where several may: the first when left out. */
  readonly choice?: number;
  /** Its header names another state root than that of the state after it. */
  readonly isSpoiled?: boolean;
  /** Its seal is signed by somebody else. */
  readonly isForged?: boolean;
}

/**
 * A branch whose blocks are made by its own validators, with real seals, by the consensus of the spec. Everything is
 * worked out here from the state alone, and not by a chain.
 */
export class ValidatorBranch {
  readonly spec: ChainSpec;
  readonly consensus: Consensus;
  readonly genesis: Block;
  readonly blocks: BranchBlock[] = [];
  readonly #genesisState: WorldState;

  /** Checks evidence and certificates; really, when left out. */
  readonly #verify: VerifySignature;

  constructor(spec: ChainSpec, { verify = verifySignature }: { readonly verify?: VerifySignature } = {}) {
    const { block, state } = createGenesis(spec);
    this.#verify = verify;
    this.spec = spec;
    this.consensus = createConsensus(spec);
    this.genesis = block;
    this.#genesisState = state;
  }

  get head(): Block {
    return this.blocks.at(-1)?.block ?? this.genesis;
  }

  get state(): WorldState {
    return this.blocks.at(-1)?.state ?? this.#genesisState;
  }

  get validators(): ValidatorView {
    const view = viewOf(this.state);
    return { at: (epoch) => readValidatorSet(view, epoch) };
  }

  /** A branch that shares all blocks up to `height`. */
  fork(height: number): ValidatorBranch {
    const branch = new ValidatorBranch(this.spec);
    branch.blocks.push(...this.blocks.slice(0, height));
    return branch;
  }

  /** All blocks above a height. */
  above(height = 0): readonly Block[] {
    return this.blocks.slice(height).map(({ block }) => block);
  }

  /** Adds some empty blocks. */
  grow(blocks: number): this {
    for (let i = 0; i < blocks; i++) this.add();
    return this;
  }

  /** Adds a block. */
  add({
    actions = [],
    afterMs = 1,
    news,
    choice = 0,
    isSpoiled,
    isForged,
  }: BranchBlockOptions = {}): BranchBlock {
    const { spec, state, head } = this;
    const parent = head.header;
    const { key, timeMs, claim } = this.#turn(parent, parent.timeMs + afterMs, choice);
    const env = this.#environment(parent, key, timeMs, claim);
    const candidates = actions.map(([owner, action]) => this.#transaction(owner, action, env));
    const draft = draftBlock(spec, state, parent, env, candidates, key.address, undefined, news);
    const [refused] = draft.refused;
    assert(draft.transactions.length === candidates.length + 1, `refused: ${refused?.refusal.rule}`);
    const stateRoot = draft.header.stateRoot.map((byte) => (isSpoiled === true ? byte ^ 1 : byte));
    const header = { ...draft.header, stateRoot };
    const signer = isForged === true ? testKey(0) : key;
    const seal = this.#seal(header, parent, { ...key, secretKey: signer.secretKey }, claim);
    const block = createBlock({ ...header, seal }, draft.transactions);
    const added = { block, env, state: draft.result.state };
    this.blocks.push(added);
    return added;
  }

  #environment(parent: Header, key: TestKey, timeMs: number, claim: Uint8Array): BlockEnvironment {
    const { spec, consensus, validators } = this;
    const origin = { height: parent.height + 1, timeMs, producer: key.address, claim };
    const judge = consensus.judge({ chainId: this.genesis.id, validators, verify: this.#verify });
    const facts = consensus.production.facts(origin, parent, validators);
    return { ...environmentAfter(spec, this.genesis.id, parent, origin), judge, ...facts };
  }

  #turn(parent: Header, fromMs: number, choice: number) {
    const { claimOfRound } = this.consensus.production;
    for (let i = 0, nowMs = fromMs; i < SLOTS_TRIED; i++, nowMs += 1_000) {
      const turns = VALIDATOR_KEYS.map(testKey).flatMap((key) => {
        const turn = this.#ask(key, parent, nowMs);
        if (turn.kind === 'now') return [{ key, timeMs: turn.timeMs, claim: turn.claim }];
        if (turn.kind !== 'asked' || claimOfRound === undefined) return [];
        const claim = claimOfRound(i);
        return this.#leads(key, parent, nowMs, claim) ? [{ key, timeMs: nowMs, claim }] : [];
      });
      const chosen = turns[Math.min(choice, turns.length - 1)];
      if (chosen !== undefined) return chosen;
    }
    throw new Error('nobody may make the next block');
  }

  #ask(key: TestKey, parent: Header, nowMs: number): Turn {
    const { production } = this.consensus;
    const { validators } = this;
    const turn = production.turn(parent, key, nowMs, { validators, draw: () => undefined });
    if (turn.kind !== 'draw') return turn;
    const proof = proveVrf(key.secretKey, turn.input);
    const draw = (input: Uint8Array) => (equalBytes(input, turn.input) ? proof : undefined);
    return production.turn(parent, key, nowMs, { validators, draw });
  }

  /** Whether a key leads a round, by sealing a header for it. */
  #leads(key: TestKey, parent: Header, timeMs: number, claim: Uint8Array): boolean {
    const height = parent.height + 1;
    const draft = { ...parent, height, parent: this.head.id, timeMs, producer: key.address };
    const header = { ...draft, seal: this.#seal(draft, parent, key, claim) };
    const context = { verify: verifySignature, validators: this.validators };
    return this.consensus.production.verifyHeader(header, parent, context).ok;
  }

  #seal(header: Header, parent: Header, key: TestKey, claim: Uint8Array): Uint8Array {
    const { production }: { readonly production: Production } = this.consensus;
    const request = production.sealRequest(header, key, parent, claim);
    assert(request.kind === 'sign', 'validators sign their blocks');
    return concatBytes(claim, sign(request.message, key.secretKey));
  }

  #transaction(owner: number, action: LedgerAction, env: BlockEnvironment): Transaction {
    const key = testKey(owner);
    const [first] = [...stateCoins(this.state)]
      .filter(({ coin }) => equalBytes(coin.address, key.address))
      .toSorted((a, b) => b.coin.amount - a.coin.amount);
    assert(first !== undefined, `key ${owner} has no coins`);
    const from = { outpoint: coinOutpoint(first.key, first.coin), opening: keyOpening(key) };
    const place = { spec: this.spec, env, view: viewOf(this.state) };
    return spend(place, { from: [from], actions: [action], signer: signBlank });
  }
}
