import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, fromHex, toHex } from '../base/bytes.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import { formatAddress, keyAddress } from '../primitives/address.ts';
import { encodeSpec } from './chain-spec.ts';
import { formatGenesisFile, parseGenesisFile } from './genesis-file.ts';
import { shortestGenesisFile, stakedGenesisFile, votedGenesisFile } from './vectors.ts';

const key = (byte: number) => publicKeyOf(new Uint8Array(32).fill(byte));
const { validators } = stakedGenesisFile.consensus;
const [first, second] = validators.stakes as [(typeof validators.stakes)[0], (typeof validators.stakes)[0]];
const PATH = 'genesis.consensus.validators';

/** The staked example with other values in its validators. */
const staked = (changes: object) => ({
  ...stakedGenesisFile,
  consensus: { ...stakedGenesisFile.consensus, validators: { ...validators, ...changes } },
});
const voted = (changes: object) => ({
  ...votedGenesisFile,
  consensus: {
    ...votedGenesisFile.consensus,
    validators: { ...votedGenesisFile.consensus.validators, ...changes },
  },
});

function assertRefused(file: unknown, rule: string, path: string): void {
  const parsed = parseGenesisFile(file);
  assert.ok(!parsed.ok);
  assert.deepEqual([parsed.error.rule, parsed.error.evidence['path']], [rule, path]);
}

function specOf(file: unknown) {
  const parsed = parseGenesisFile(file);
  assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.error.rule} ${JSON.stringify(parsed.error.evidence)}`);
  return parsed.value;
}

test('both kinds of validators give the file again', () => {
  for (const file of [stakedGenesisFile, votedGenesisFile]) {
    const spec = specOf(file);
    assert.deepEqual(formatGenesisFile(spec).consensus, file.consensus);
    assert.deepEqual(specOf(formatGenesisFile(spec)), spec);
  }
});

test('the bytes follow all others, so those of a spec without validators stay as they were', () => {
  const plain = encodeSpec(specOf({ ...shortestGenesisFile, name: votedGenesisFile.name }));
  const authorities = concatBytes(fromHex('01' + '64000000' + '0200'), key(2), key(1));
  assert.equal(toHex(encodeSpec(specOf(votedGenesisFile))), toHex(concatBytes(plain, authorities)));
  const [owner, other] = [keyAddress(key(5)), keyAddress(key(6))];
  const stakes = concatBytes(
    fromHex('02' + 'd0020000' + '1500' + '00e8764817000000'), // stake, epochs of 720, 21 members, least bond
    fromHex('1c00' + '0300' + '9001' + '2c01' + '9600'), // rest, jail, missed, commission, signers
    fromHex('2800' + '2900' + '8403'), // offences
    fromHex('0200'), // two stakes
    key(2),
    owner,
    fromHex('00d0ed902e000000' + '4600'),
    key(1),
    other,
    fromHex('00e8764817000000' + '2c01'),
  );
  const bare = encodeSpec(specOf({ ...shortestGenesisFile, name: stakedGenesisFile.name }));
  assert.equal(toHex(encodeSpec(specOf(stakedGenesisFile))), toHex(concatBytes(bare, stakes)));
});

test('a short choice has the documented defaults', () => {
  const { kind, epochBlocks } = validators;
  const stakes = [{ publicKey: first.publicKey, owner: first.owner, amount: first.amount }];
  const file = {
    ...staked({}),
    consensus: { ...stakedGenesisFile.consensus, validators: { kind, epochBlocks, stakes } },
  };
  assert.deepEqual(formatGenesisFile(specOf(file)).consensus.validators, {
    kind,
    epochBlocks,
    membersMax: 100,
    bondMin: 100_000_000_000,
    unbondingEpochs: 14,
    jailEpochs: 2,
    missedPermilleMax: 500,
    commissionPermilleMax: 200,
    signersPermille: 200,
    slashPermille: { 'double-sign': 50, 'lock-break': 500, surround: 500 },
    stakes: [{ ...stakes[0], commissionPermille: 50 }],
  });
});

test('stakes that no chain could begin with are refused', () => {
  assertRefused(staked({ stakes: [] }), 'genesis/stake-missing', `${PATH}.stakes`);
  assertRefused(staked({ stakes: [first, first] }), 'genesis/stake-repeated', `${PATH}.stakes[1].publicKey`);
  const weak = { ...second, publicKey: '00'.repeat(32) };
  assertRefused(staked({ stakes: [first, weak] }), 'genesis/stake-key', `${PATH}.stakes[1].publicKey`);
  const small = { ...second, amount: 99_999_999_999 };
  assertRefused(
    staked({ stakes: [first, small] }),
    'genesis/stake-below-minimum',
    `${PATH}.stakes[1].amount`,
  );
  const greedy = { ...second, commissionPermille: 301 };
  const at = `${PATH}.stakes[1].commissionPermille`;
  assertRefused(staked({ stakes: [first, greedy] }), 'genesis/stake-commission', at);
  const elsewhere = { ...first, owner: formatAddress(keyAddress(key(5)), 'tcal') };
  assertRefused(staked({ stakes: [elsewhere] }), 'genesis/address-network', `${PATH}.stakes[0].owner`);
  const rich = { ...second, amount: 2_100_000_000_000_000 };
  assertRefused(
    staked({ stakes: [first, rich] }),
    'genesis/allocations-over-cap',
    `${PATH}.stakes[1].amount`,
  );
});

test('authorities that could not vote, and values outside their range, are refused', () => {
  const { authorities } = votedGenesisFile.consensus.validators;
  assertRefused(voted({ authorities: [] }), 'genesis/authority-missing', `${PATH}.authorities`);
  assertRefused(
    voted({ authorities: [...authorities, authorities[0]] }),
    'genesis/authority-repeated',
    `${PATH}.authorities[2]`,
  );
  assertRefused(voted({ authorities: ['00'.repeat(32)] }), 'genesis/authority-key', `${PATH}.authorities[0]`);
  const ranges: readonly [string, number][] = [
    ['epochBlocks', 0],
    ['epochBlocks', 1_000_001],
    ['membersMax', 0],
    ['membersMax', 1025],
    ['bondMin', 999_999],
    ['unbondingEpochs', 0],
    ['jailEpochs', 1001],
    ['missedPermilleMax', 1001],
    ['commissionPermilleMax', 1001],
  ];
  for (const [name, value] of ranges)
    assertRefused(staked({ [name]: value }), 'genesis/range', `${PATH}.${name}`);
  assertRefused(staked({ kind: 'lottery' }), 'genesis/choice', `${PATH}.kind`);
});
