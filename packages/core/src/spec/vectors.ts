import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import { formatAddress, keyAddress } from '../primitives/address.ts';
import { encodeSpec, specHash } from './chain-spec.ts';
import { formatGenesisFile, parseGenesisFile } from './genesis-file.ts';
import type { GenesisFile } from './genesis-schema.ts';

const key = (byte: number) => publicKeyOf(new Uint8Array(32).fill(byte));

/** A genesis file with every field set: two authorities, a decaying reward and two allocations. */
export const exampleGenesisFile: GenesisFile = {
  name: 'calin-example',
  addressPrefix: 'tcal',
  genesisTimeMs: 1_767_225_600_000,
  dev: false,
  consensus: {
    production: { kind: 'poa', authorities: [toHex(key(1)), toHex(key(2))], slotMs: 5_000 },
    finality: { kind: 'depth', blocks: 20 },
  },
  economy: {
    cap: 2_100_000_000_000_000,
    reward: 50_000_000,
    schedule: { kind: 'decay', intervalBlocks: 100_000, numerator: 99, denominator: 100 },
    rewardMaturityBlocks: 100,
  },
  fees: {
    baseFeeInitial: 10,
    baseFeeMin: 1,
    baseFeeChangeDenominator: 8,
    blockGasTarget: 5_000_000,
    gasPerByte: 1,
    gasPerSignature: 400,
    gasPerOutput: 110,
    gasPerAction: 120,
  },
  limits: { blockBytesMax: 2_097_152, blockGasMax: 10_000_000, transactionBytesMax: 131_072 },
  allocations: [
    { address: formatAddress(keyAddress(key(3)), 'tcal'), amount: 100_000_000_000_000 },
    { address: formatAddress(keyAddress(key(4)), 'tcal'), amount: 1 },
  ],
};

/** A genesis file that says only what it must. */
export const shortestGenesisFile = {
  name: 'calin-short',
  addressPrefix: 'cal',
  genesisTimeMs: 0,
  consensus: {
    production: { kind: 'poa', authorities: [toHex(key(1))], slotMs: 1_000 },
    finality: { kind: 'depth', blocks: 1 },
  },
};

/** A genesis file of a chain that anybody may make blocks for. */
export const minedGenesisFile = {
  ...shortestGenesisFile,
  name: 'calin-mined',
  consensus: {
    production: { kind: 'pow', initialDifficulty: 1_000_000, blockMs: 10_000 },
    finality: { kind: 'depth', blocks: 6 },
  },
};

/** A genesis file of a chain whose authorities change by their votes. */
export const votedGenesisFile = {
  ...shortestGenesisFile,
  name: 'calin-voted',
  consensus: {
    ...shortestGenesisFile.consensus,
    validators: { kind: 'authorities', epochBlocks: 100, authorities: [toHex(key(2)), toHex(key(1))] },
  },
};

/** A genesis file of a chain that chooses its validators by stake, with every field of that choice set. */
export const stakedGenesisFile = {
  ...shortestGenesisFile,
  name: 'calin-staked',
  consensus: {
    ...shortestGenesisFile.consensus,
    validators: {
      kind: 'stake',
      epochBlocks: 720,
      membersMax: 21,
      bondMin: 100_000_000_000,
      unbondingEpochs: 28,
      jailEpochs: 3,
      missedPermilleMax: 400,
      commissionPermilleMax: 300,
      signersPermille: 150,
      slashPermille: { 'double-sign': 40, 'lock-break': 41, surround: 900 },
      stakes: [
        {
          publicKey: toHex(key(2)),
          owner: formatAddress(keyAddress(key(5)), 'cal'),
          amount: 200_000_000_000,
          commissionPermille: 70,
        },
        {
          publicKey: toHex(key(1)),
          owner: formatAddress(keyAddress(key(6)), 'cal'),
          amount: 100_000_000_000,
          commissionPermille: 300,
        },
      ],
    },
  },
};

const FILES = [
  exampleGenesisFile,
  shortestGenesisFile,
  minedGenesisFile,
  votedGenesisFile,
  stakedGenesisFile,
];

/** Genesis files with the bytes and the hash of their specs; written to vectors/spec.json. */
export function specVectors() {
  return { specs: FILES.map(specVector) };
}

function specVector(file: unknown) {
  const parsed = parseGenesisFile(file);
  assert(parsed.ok, 'the genesis file of a vector is valid');
  const spec = parsed.value;
  return {
    file,
    full: formatGenesisFile(spec),
    bytes: toHex(encodeSpec(spec)),
    specHash: toHex(specHash(spec)),
  };
}
