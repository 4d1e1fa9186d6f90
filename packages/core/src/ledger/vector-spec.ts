import { type Amount, amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import {
  type Allocation,
  type ChainSpec,
  type ConsensusSpec,
  type EconomySpec,
  encodeSpec,
} from '../spec/chain-spec.ts';
import { party, type VectorChain } from './vector-chain.ts';

/** In what a chain of vectors differs from the others. */
export interface VectorSpecChoice extends Partial<Pick<ConsensusSpec, 'finality' | 'validators'>> {
  readonly name: string;
  readonly economy: Pick<EconomySpec, 'reward' | 'schedule'>;
  readonly baseFeeInitial: Amount;
  readonly allocations: readonly Allocation[];
}

/** The spec of a chain of vectors: party 1 makes a block a second, rewards rest for two. */
export function vectorSpec(choice: VectorSpecChoice): ChainSpec {
  const { name, economy, baseFeeInitial, allocations, validators } = choice;
  const { finality = { kind: 'depth', blocks: 6 } } = choice;
  return {
    name,
    addressPrefix: 'dcal',
    genesisTimeMs: 1_760_000_000_000,
    dev: true,
    consensus: {
      production: { kind: 'poa', authorities: [party(1).publicKey], slotMs: 1000 },
      finality,
      ...(validators === undefined ? {} : { validators }),
    },
    economy: { cap: amount(2_100_000_000_000_000), rewardMaturityBlocks: 2, ...economy },
    fees: {
      baseFeeInitial,
      baseFeeMin: amount(1),
      baseFeeChangeDenominator: 8,
      blockGasTarget: 2000,
      gasPerByte: 1,
      gasPerSignature: 400,
      gasPerOutput: 100,
      gasPerAction: 100,
    },
    limits: { blockBytesMax: 65_536, blockGasMax: 100_000, transactionBytesMax: 16_384 },
    allocations,
  };
}

/** What the vectors of a chain begin with. */
export function beginningOf({ spec, genesis }: VectorChain) {
  return {
    spec: toHex(encodeSpec(spec)),
    genesis: {
      id: toHex(genesis.id),
      bytes: toHex(genesis.bytes),
      stateRoot: toHex(genesis.header.stateRoot),
    },
  };
}
