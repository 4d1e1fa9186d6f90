import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { encodeCertificate } from '@calin/core/consensus/votes-each/certificate.ts';
import { type Vote, voteMessage } from '@calin/core/consensus/votes-each/vote.ts';
import { sign, verifySignature } from '@calin/core/crypto/signature.ts';
import { readUnbondings } from '@calin/core/ledger/stake/unbonding.ts';
import { readValidatorSet, validatorSetKey } from '@calin/core/ledger/stake/validator-sets.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { CALIN, StakeChain, stakeSpec } from '@calin/core/ledger/testing/stake-chain.testing.ts';
import { encodeHeader } from '@calin/core/primitives/header.ts';
import { encodeValidatorSet, epochOfHeight } from '@calin/core/primitives/validator-set.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import { encodeStateProof, proveState } from '@calin/core/state/state-proof.ts';
import { storageKey } from '@calin/core/state/storage.ts';
import { viewOf } from '@calin/core/state/view.ts';
import { catchUp, type DirectServer } from './catch-up.testing.ts';
import { VOTES_EACH } from './light-chain.testing.ts';
import { LightClient, type LightOptions } from './light-client.ts';
import type { LightUpdate } from './light-update.ts';

/** Epochs of four blocks; stake that is unbonded rests for two epochs. */
const spec = stakeSpec({}, { finality: VOTES_EACH });
const EPOCH_BLOCKS = 4;
const EPOCHS = 12;
/** Blocks of the stake chain are a second apart. */
const DAY_LATER_MS = 86_400_000;

const key = (n: number) => testKey(n).publicKey;
const hugs = (calin: number) => amount(calin * CALIN);
const ruleOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.rule);
const OLD = [10, 11, 12];
const NEW = [13, 14, 15];

/** What happened: three validators leave, take their stake when it has rested, and three others vote from then on. */
function trueHistory(): StakeChain {
  const chain = new StakeChain(spec);
  for (const [i, n] of NEW.entries()) {
    const terms = { payTo: testKey(3 + i).address, commissionPermille: 0 };
    chain.act(3 + i, { kind: 'bond', publicKey: key(n), amount: hugs(9_000), ...terms }, [n]);
  }
  chain.goTo(1);
  for (const [owner, n] of OLD.entries()) {
    chain.act(owner, { kind: 'unbond', validator: key(n), amount: hugs(1_000 * (owner + 1)) });
  }
  chain.goTo(EPOCHS);
  for (const owner of OLD.keys()) {
    const [rested] = readUnbondings(chain.view, testKey(owner).address);
    assert.ok(rested && rested.amount >= hugs(1_000), 'nothing was taken from it');
    chain.act(owner, {
      kind: 'withdraw',
      validator: rested.validator,
      epoch: rested.epoch,
      amount: rested.amount,
    });
    assert.deepEqual(readUnbondings(chain.view, testKey(owner).address), [], 'nothing is left to take');
  }
  return chain;
}

/** What the three make of it when they have nothing left to lose: a chain on which nobody ever joined. */
function forgedHistory(): StakeChain {
  const chain = new StakeChain(spec);
  chain.goTo(EPOCHS);
  return chain.add([]) && chain;
}

/** A server of a history, with certificates by those of the validators whose keys `signers` are. */
class Historian implements DirectServer {
  readonly #chain: StakeChain;
  readonly #signers: readonly number[];

  constructor(chain: StakeChain, signers: readonly number[]) {
    this.#chain = chain;
    this.#signers = signers;
  }

  get nowMs(): number {
    return this.#block(this.height).header.timeMs;
  }

  get height(): number {
    return this.#chain.height;
  }

  tip() {
    const { id } = this.#block(this.height);
    return { head: { height: this.height, id }, finalHeight: this.height };
  }

  answer(request: Parameters<DirectServer['answer']>[0]): LightUpdate {
    assert.ok(request.kind === 'final' || request.kind === 'anchor');
    const { height } = request;
    const { header } = this.#block(height);
    const sets = request.sets.map((epoch) => this.#proof(epoch, height));
    if (request.kind === 'anchor') return { kind: 'anchor', header: encodeHeader(header), sets };
    return { kind: 'final', header: encodeHeader(header), certificate: this.#certificate(height), sets };
  }

  checkpoint(height: number) {
    return { height, id: this.#block(height).id, sets: [] };
  }

  #block(height: number) {
    return height === 0 ? this.#chain.genesis : (this.#chain.blocks[height - 1]?.block ?? assert.fail());
  }

  #state(height: number) {
    return height === 0
      ? this.#chain.genesisState
      : (this.#chain.blocks[height - 1]?.result.state ?? assert.fail());
  }

  #proof(epoch: number, height: number) {
    const state = this.#state(height);
    const set = readValidatorSet(viewOf(state), epoch) ?? assert.fail(`no set ${epoch} after ${height}`);
    const name = storageKey(NAMESPACE.validators, validatorSetKey(epoch));
    return {
      epoch,
      set: encodeValidatorSet(set),
      proof: encodeStateProof(proveState(state, 'storage', name)),
    };
  }

  #certificate(height: number): Uint8Array {
    const epoch = epochOfHeight(height, EPOCH_BLOCKS);
    const { members } = readValidatorSet(viewOf(this.#state(height)), epoch) ?? assert.fail();
    const blockId = this.#block(height).id;
    const vote: Vote = { kind: 'precommit', epoch, height, round: 0, validRound: -1, blockId };
    const signed = members.flatMap(({ publicKey }, index) => {
      const n = this.#signers.find((one) => toHex(key(one)) === toHex(publicKey));
      if (n === undefined) return [];
      return [{ index, signature: sign(voteMessage(this.#chain.genesis.id, vote), testKey(n).secretKey) }];
    });
    return encodeCertificate({
      ...vote,
      kind: 'precommit',
      memberCount: members.length,
      indices: signed.map(({ index }) => index),
      signatures: signed.map(({ signature }) => signature),
    });
  }
}

function clientOf(options: Partial<LightOptions> = {}): LightClient {
  const begun = LightClient.begin({ spec, ...options }, { verify: verifySignature });
  assert.ok(begun.ok, ruleOf(begun));
  return begun.value;
}

describe('a long-range attack', () => {
  const truth = new Historian(trueHistory(), [...OLD, ...NEW]);
  // All that the attackers have: the keys of those who were validators once.
  const forgery = new Historian(forgedHistory(), OLD);

  test('is a history that nothing is wrong with for who trusts the genesis block alone', () => {
    const client = clientOf({ trustMs: Number.POSITIVE_INFINITY });
    catchUp(client, forgery);
    assert.equal(client.final?.header.height, forgery.height);
    assert.notEqual(toHex(client.final.id), toHex(truth.tip().head.id));
  });

  test('does not reach a client that heeds the time in which stake rests', () => {
    const client = clientOf();
    const request = client.next(forgery.tip()) ?? assert.fail();
    const update = forgery.answer(request);
    assert.equal(ruleOf(client.take(update, forgery.nowMs + DAY_LATER_MS)), 'light/trust-expired');
    assert.equal(client.final?.header.height, 0);
  });

  test('does not reach a client with a recent checkpoint, from any height', () => {
    const recent = truth.height - 3;
    const client = clientOf({ checkpoint: truth.checkpoint(recent) });
    catchUp(client, truth);
    assert.equal(client.final?.header.height, truth.height);
    const rules = new Set<string>();
    for (let height = 1; height <= forgery.height; height++) {
      rules.add(ruleOf(client.take(forgery.answer({ kind: 'final', height, sets: [] }), truth.nowMs)));
    }
    assert.deepEqual(
      [...rules].toSorted(),
      ['consensus/vote-signature', 'light/trust-expired'],
      'old sets are not believed any more, and the present one did not sign',
    );
    assert.equal(client.conflict, undefined);
    assert.equal(toHex(client.final.id), toHex(truth.tip().head.id));
  });

  test('does not reach a client with a checkpoint from before, which is too old to go on from', () => {
    const client = clientOf({ checkpoint: truth.checkpoint(2) });
    const anchored = client.take(truth.answer(client.next(truth.tip()) ?? assert.fail()), truth.nowMs);
    assert.equal(ruleOf(anchored), 'ok');
    for (const server of [truth, forgery]) {
      const update = server.answer(client.next(server.tip()) ?? assert.fail());
      assert.equal(ruleOf(client.take(update, server.nowMs)), 'light/trust-expired');
    }
  });
});
