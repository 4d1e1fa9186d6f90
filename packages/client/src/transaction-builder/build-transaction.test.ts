import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { tokenId } from '@calin/core/ledger/token.ts';
import { gasOf } from '@calin/core/ledger/transaction-gas.ts';
import { addressOf } from '@calin/core/primitives/address.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import {
  buildTransaction,
  buildTransfer,
  type TransactionRequest,
  type UnsignedTransaction,
} from './build-transaction.ts';
import type { SpendableCoin } from './opening.ts';
import { signTransaction } from './sign-transaction.ts';
import {
  CHAIN_ID,
  coin,
  judge,
  keyOpening,
  must,
  OWNERS,
  overlayWith,
  payment,
  request,
  SPEC,
  signerOf,
} from './wallet.testing.ts';

const ALL_SIGNERS = Array.from({ length: 8 }, (_, n) => signerOf(testKey(n)));

function refusal(result: Result<unknown>) {
  assert.ok(!result.ok, 'refused');
  return result.error;
}

/** Builds, signs, has the ledger judge, and compares what was said with what is. */
function accepted(
  asked: TransactionRequest,
  overlay = overlayWith(allCoins(asked)),
): UnsignedTransaction & { tx: Transaction } {
  const built = must(buildTransaction(asked));
  const tx = must(signTransaction(built, CHAIN_ID, ALL_SIGNERS));
  const receipt = must(judge(overlay, tx));
  assert.equal(receipt.fee, built.fee);
  assert.equal(receipt.gasUsed, built.gas);
  assert.equal(gasOf(SPEC, tx), built.gas);
  if (built.change.some(({ asset }) => asset === 0)) assert.equal(built.fee, built.gas * asked.feePerGas);
  return { ...built, tx };
}

function allCoins({ coins, mustSpend = [] }: TransactionRequest): SpendableCoin[] {
  return [...mustSpend, ...coins];
}

test('what is staked is paid by the coins, and what is withdrawn comes back beside them', () => {
  const validator = new Uint8Array(32).fill(7);
  const cases = [
    [{ kind: 'delegate', validator, amount: amount(400_000) }, -400_000],
    [
      {
        kind: 'bond',
        publicKey: validator,
        payTo: validator,
        amount: amount(300_000),
        commissionPermille: 1,
      },
      -300_000,
    ],
    [{ kind: 'withdraw', validator, epoch: 2, amount: amount(700_000) }, 700_000],
    [{ kind: 'evidence', claim: amount(900), bytes: new Uint8Array(10) }, 900],
    [{ kind: 'unbond', validator, amount: amount(5) }, 0],
  ] as const;
  for (const [action, moved] of cases) {
    const coins = [coin(500_000), coin(100_000)];
    const { inputs, change, fee } = must(buildTransaction(request({ coins, actions: [action] })));
    const spent = inputs.reduce((sum, input) => sum + input.amount, 0);
    const back = change.reduce((sum, output) => sum + output.amount, 0);
    assert.equal(spent + moved, back + fee, action.kind);
    assert.ok(fee < 10_000, 'nothing becomes a fee by accident');
  }
  const many = { kind: 'withdraw', validator, epoch: 2, amount: amount(Number.MAX_SAFE_INTEGER) } as const;
  const refused = refusal(buildTransaction(request({ coins: [coin(500_000)], actions: [many] })));
  assert.equal(refused.rule, 'wallet/amount-too-large');
});

describe('the ledger takes what is built', () => {
  for (const { name, opening } of OWNERS) {
    test(`from ${name}`, () => {
      const coins = [coin(1_000_000, opening), coin(300_000, opening)];
      const { fee, gas, change } = accepted(
        request({ coins, outputs: [payment(1_100_000)], feePerGas: amount(13) }),
      );
      assert.equal(fee, gas * 13);
      assert.equal(change.length, 1);
    });
  }

  test('with every kind of lock at once', () => {
    const mustSpend = OWNERS.filter(
      ({ opening }, i) => OWNERS.findIndex((other) => other.opening.lock === opening.lock) === i,
    );
    const { openings } = accepted(
      request({
        mustSpend: mustSpend.map(({ opening }) => coin(200_000, opening)),
        outputs: [payment(1_000)],
      }),
    );
    assert.equal(openings.length, mustSpend.length);
  });

  test('with a note, and an expiry', () => {
    const actions = [{ kind: 'data', hash: ZERO_HASH, note: 'Grüße' }] as const;
    const { body } = accepted(request({ coins: [coin(100_000)], actions, expiryHeight: 100 }));
    assert.equal(body.expiryHeight, 100);
  });

  test('through the life of a token: create, mint by another, send, burn', () => {
    const minter = OWNERS.find(({ name }) => name.startsWith('multisig'))?.opening;
    assert.ok(minter !== undefined);
    const first = coin(1_000_000);
    const rest = [coin(1_000_000), coin(1_000_000), coin(1_000_000)];
    const overlay = overlayWith([first, ...rest]);
    const asset = tokenId(first.outpoint, 0);
    const create = {
      kind: 'token-create',
      symbol: 'GOLD',
      name: 'Gold',
      decimals: 2,
      supplyMax: amount(1000),
      supply: amount(600),
      minter: addressOf(minter.lock),
    } as const;
    const created = accepted(
      request({
        coins: [first],
        actions: [create],
        outputs: [payment(100, asset)],
        changeAddress: testKey(0).address,
      }),
      overlay,
    );
    // What outputs do not take of the initial supply comes back.
    assert.deepEqual(created.change.map((output) => [output.asset, output.amount])[0], [asset, 500]);
    const held = {
      outpoint: { txid: created.tx.txid, index: 1 },
      asset,
      amount: amount(500),
      opening: keyOpening(),
    };
    const mint = { kind: 'token-mint', asset, amount: amount(400) } as const;
    accepted(
      request({
        coins: rest.slice(0, 1),
        actions: [mint],
        authorities: [minter],
        outputs: [payment(150, asset)],
      }),
      overlay,
    );
    const burn = { kind: 'token-burn', asset, amount: amount(120) } as const;
    const burned = accepted(request({ coins: [held, ...rest.slice(1, 2)], actions: [burn] }), overlay);
    assert.deepEqual(burned.change[0], { asset, amount: 380, address: testKey(9).address });
    const native = { kind: 'token-burn', asset: 0, amount: amount(5_000) } as const;
    accepted(request({ coins: rest.slice(2), actions: [native] }), overlay);
  });

  test('a created token that no output names goes to the change address', () => {
    const coins = [coin(50_000), coin(400_000), coin(60_000)];
    const supply = amount(77);
    const create = {
      kind: 'token-create',
      symbol: 'X',
      name: '',
      decimals: 0,
      supplyMax: supply,
      supply,
      minter: ZERO_HASH,
    } as const;
    const { inputs, change } = accepted(request({ coins, actions: [create] }));
    assert.equal(inputs[0], coins[1]);
    const asset = tokenId((coins[1] as SpendableCoin).outpoint, 0);
    assert.deepEqual(change[0], { asset, amount: 77, address: testKey(9).address });
  });

  test('random wallets and payments: the fee is what was asked, or less than change above it', () => {
    const random = seededRandom(21);
    let changeless = 0;
    for (let round = 0; round < 40; round++) {
      const coins = Array.from({ length: 1 + random.below(12) }, () => {
        const { opening } = random.pick(OWNERS.filter(({ name }) => name.endsWith('path 0')));
        const asset = random.oneIn(3) ? 7 : 0;
        return coin(1 + random.below(random.oneIn(3) ? 9_000 : 300_000), opening, asset);
      });
      const held = coins
        .filter(({ asset }) => asset === 7)
        .reduce((sum, { amount: value }) => sum + value, 0);
      const outputs = [payment(1 + random.below(300_000))];
      if (held > 0 && random.oneIn(2)) outputs.push(payment(1 + random.below(held), 7));
      const asked = request({ coins, outputs, feePerGas: amount(10 + random.below(20)) });
      const built = buildTransaction(asked);
      if (!built.ok) {
        assert.equal(built.error.rule, 'wallet/insufficient-funds');
        continue;
      }
      const { fee, gas, change } = accepted(asked);
      assert.ok(fee >= gas * asked.feePerGas);
      if (change.some(({ asset }) => asset === 0)) continue;
      changeless++;
      // An output, an input, and the dearest witness here: two of three signatures under a timelock.
      assert.ok(fee - gas * asked.feePerGas < (148 + 36 + 244 + 800) * asked.feePerGas);
    }
    assert.ok(changeless > 0);
  });
});

describe('fee and change', () => {
  const gasOfOne = must(buildTransaction(request({ coins: [coin(50_000)], outputs: [payment(1)] }))).gas;
  const gasWithoutChange = gasOfOne - 148;

  test('change that is worth less than making and spending it goes to the fee', () => {
    const spendGas = 36 + 104 + 400;
    const fee = gasWithoutChange * 10;
    const exact = accepted(request({ coins: [coin(10_000 + fee)], outputs: [payment(10_000)] }));
    assert.deepEqual([exact.change.length, exact.fee], [0, fee]);
    const dust = (148 + spendGas) * 10 - 1;
    const below = accepted(request({ coins: [coin(10_000 + fee + dust)], outputs: [payment(10_000)] }));
    assert.deepEqual([below.change.length, below.fee], [0, fee + dust]);
    const above = accepted(request({ coins: [coin(10_000 + fee + dust + 1)], outputs: [payment(10_000)] }));
    assert.deepEqual([above.change[0]?.amount, above.fee], [spendGas * 10, gasOfOne * 10]);
  });

  test('the last hug decides whether it can be paid', () => {
    const fee = gasWithoutChange * 10;
    const short = refusal(
      buildTransaction(request({ coins: [coin(9_999 + fee)], outputs: [payment(10_000)] })),
    );
    assert.equal(short.rule, 'wallet/insufficient-funds');
    assert.equal(short.evidence['asset'], 0);
    assert.equal((short.evidence['expected'] as number) - (short.evidence['got'] as number), 1);
  });

  test('issued assets are conserved however little is left', () => {
    const coins = [coin(100_000), coin(10, keyOpening(), 5)];
    const { change } = accepted(request({ coins, outputs: [payment(9, 5)] }));
    assert.deepEqual(change[0], { asset: 5, amount: 1, address: testKey(9).address });
  });

  test('a coin that must be spent pays, and brings its asset back', () => {
    const mustSpend = [coin(3, keyOpening(1), 4), coin(40_000, keyOpening(1))];
    const { inputs, change } = accepted(
      request({ mustSpend, coins: [coin(900_000)], outputs: [payment(10)] }),
    );
    assert.deepEqual(inputs, mustSpend);
    assert.deepEqual(change[0]?.asset, 4);
  });

  test('buildTransfer pays one output of an asset', () => {
    const coins = [coin(100_000), coin(10, keyOpening(), 5)];
    const base = { spec: SPEC, coins, feePerGas: amount(10), changeAddress: testKey(0).address };
    const to = testKey(3).address;
    const native = must(buildTransfer({ ...base, to, amount: amount(77) }));
    assert.deepEqual(native.body.outputs[0], { asset: 0, amount: 77, address: to });
    const token = must(buildTransfer({ ...base, to, amount: amount(10), asset: 5 }));
    assert.deepEqual(token.body.outputs[0], { asset: 5, amount: 10, address: to });
    assert.equal(token.inputs.length, 2);
  });
});

describe('refusals', () => {
  const rule = (changes: Partial<TransactionRequest>) => refusal(buildTransaction(request(changes))).rule;

  test('wallet/insufficient-funds names the asset, also one of which there is no coin', () => {
    const refused = refusal(buildTransaction(request({ coins: [coin(90_000)], outputs: [payment(5, 77)] })));
    assert.equal(refused.rule, 'wallet/insufficient-funds');
    assert.deepEqual(refused.evidence, { asset: 77, got: 0, expected: 5 });
    assert.equal(rule({}), 'wallet/insufficient-funds');
  });

  test('wallet/too-many-inputs: by choice and by order', () => {
    const small = Array.from({ length: 300 }, () => coin(10_000));
    assert.equal(
      rule({ coins: small, outputs: [payment(2_545_000)], feePerGas: amount(1) }),
      'wallet/too-many-inputs',
    );
    assert.equal(rule({ mustSpend: small.slice(0, 256) }), 'wallet/too-many-inputs');
  });

  test('wallet/too-many-outputs: 255 and change', () => {
    const outputs = Array.from({ length: 255 }, () => payment(1));
    assert.equal(rule({ coins: [coin(9_000_000)], outputs }), 'wallet/too-many-outputs');
    assert.ok(buildTransaction(request({ coins: [coin(9_000_000)], outputs: outputs.slice(1) })).ok);
  });

  test('wallet/too-large: gas and bytes of the chain', () => {
    const tight = (limits: object) => ({ ...SPEC, limits: { ...SPEC.limits, ...limits } });
    const coins = [coin(90_000)];
    assert.equal(
      rule({ coins, spec: tight({ blockGasMax: 800 }), outputs: [payment(1)] }),
      'wallet/too-large',
    );
    assert.equal(
      rule({ coins, spec: tight({ transactionBytesMax: 200 }), outputs: [payment(1)] }),
      'wallet/too-large',
    );
  });

  test('wallet/output-zero, wallet/amount-too-large, wallet/coin-repeated, wallet/fee-rate', () => {
    const [large, one] = [coin(Number.MAX_SAFE_INTEGER), coin(90_000)];
    assert.equal(rule({ coins: [one], outputs: [payment(0)] }), 'wallet/output-zero');
    assert.equal(rule({ coins: [large, one] }), 'wallet/amount-too-large');
    assert.equal(
      rule({ coins: [one], outputs: [payment(Number.MAX_SAFE_INTEGER), payment(1)] }),
      'wallet/amount-too-large',
    );
    assert.equal(rule({ coins: [one, one] }), 'wallet/coin-repeated');
    assert.equal(rule({ coins: [one], mustSpend: [one] }), 'wallet/coin-repeated');
    assert.equal(rule({ coins: [one], feePerGas: amount(Number.MAX_SAFE_INTEGER) }), 'wallet/fee-rate');
    const mint = { kind: 'token-mint', asset: 6, amount: amount(Number.MAX_SAFE_INTEGER) } as const;
    assert.equal(
      rule({ coins: [one], mustSpend: [coin(1, keyOpening(), 6)], actions: [mint] }),
      'wallet/amount-too-large',
    );
  });

  test('wallet/opening-mismatch: one address by two paths', () => {
    const ways = OWNERS.filter(({ name }) => name.startsWith('htlc')).map(({ opening }) =>
      coin(90_000, opening),
    );
    assert.equal(ways.length, 2);
    assert.equal(rule({ coins: ways }), 'wallet/opening-mismatch');
    const [claim] = ways;
    assert.ok(claim !== undefined);
    const silent = { ...coin(90_000), opening: { lock: claim.opening.lock, path: claim.opening.path } };
    assert.equal(rule({ coins: [claim, silent] }), 'wallet/opening-mismatch');
  });
});
