import type { Amount } from '../base/amount.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Failure, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { refuseSchema } from '../base/schema.ts';
import { formatAddress } from '../primitives/address.ts';
import type { Allocation, ChainSpec, ProductionSpec } from './chain-spec.ts';
import { checkSpec } from './check-spec.ts';
import { type GenesisFile, genesisFileSchema, type ProductionFile } from './genesis-schema.ts';
import { parseOwner } from './parse-owner.ts';
import { refuseGenesis } from './rules.ts';
import { formatValidators, parseValidators } from './validators-file.ts';

/**
 * The spec that a genesis file describes.
 *
 * @param json - what `JSON.parse` gave for the file
 * @returns the first fault by a rule `genesis/…`; `path` in its evidence names the field, as in
 *   `genesis.fees.baseFeeMin`
 * @see docs/reference/genesis.md
 */
export function parseGenesisFile(json: unknown): Result<ChainSpec> {
  const parsed = genesisFileSchema.parse(json, 'genesis');
  if (!parsed.ok) return refuseShape(parsed);
  const { seeds: _seeds, ...file } = parsed.value;
  const allocations = parseAllocations(file);
  if (!allocations.ok) return allocations;
  const { production, finality } = file.consensus;
  const validators = parseValidators(file.consensus.validators, file.addressPrefix);
  if (!validators.ok) return validators;
  const consensus = { production: parseProduction(production), finality };
  const spec: ChainSpec = {
    ...file,
    consensus: validators.value === undefined ? consensus : { ...consensus, validators: validators.value },
    // The schema takes no amount above 2^53 − 1, so the brand holds.
    economy: { ...file.economy, cap: file.economy.cap as Amount, reward: file.economy.reward as Amount },
    fees: {
      ...file.fees,
      baseFeeInitial: file.fees.baseFeeInitial as Amount,
      baseFeeMin: file.fees.baseFeeMin as Amount,
    },
    allocations: allocations.value,
  };
  return checkSpec(spec) ?? ok(spec);
}

/**
 * The addresses that a genesis file gives to new nodes. They stand beside the spec and are not hashed with it: nodes
 * come and go, and the chain stays the same.
 *
 * @returns none when the file names none, or what {@link parseGenesisFile} refuses
 */
export function parseGenesisSeeds(json: unknown): Result<readonly string[]> {
  const parsed = genesisFileSchema.parse(json, 'genesis');
  return parsed.ok ? ok(parsed.value.seeds ?? []) : refuseShape(parsed);
}

/** The genesis file of a spec as a JSON value, every default written out; {@link parseGenesisFile} undoes it. */
export function formatGenesisFile(spec: ChainSpec): GenesisFile {
  const { production, finality, validators } = spec.consensus;
  const consensus = { production: formatProduction(production), finality };
  return {
    ...spec,
    consensus:
      validators === undefined
        ? consensus
        : { ...consensus, validators: formatValidators(validators, spec.addressPrefix) },
    allocations: spec.allocations.map(({ address, amount }) => ({
      address: formatAddress(address, spec.addressPrefix),
      amount,
    })),
  };
}

/** The schema takes nothing but hexadecimal for keys. */
function parseProduction(file: ProductionFile): ProductionSpec {
  return file.kind === 'poa' ? { ...file, authorities: file.authorities.map(fromHex) } : file;
}

function formatProduction(spec: ProductionSpec): ProductionFile {
  return spec.kind === 'poa' ? { ...spec, authorities: spec.authorities.map(toHex) } : spec;
}

function parseAllocations(file: Omit<GenesisFile, 'seeds'>): Result<readonly Allocation[]> {
  const allocations: Allocation[] = [];
  for (const [i, { address, amount }] of file.allocations.entries()) {
    const parsed = parseOwner(address, file.addressPrefix, `genesis.allocations[${i}].address`);
    if (!parsed.ok) return parsed;
    allocations.push({ address: parsed.value, amount: amount as Amount });
  }
  return ok(allocations);
}

/** The rule of a genesis file for each rule of JSON values: here the help can name the page to read. */
const RULE_OF = {
  'json/type': 'genesis/type',
  'json/missing': 'genesis/missing',
  'json/unknown-field': 'genesis/unknown-field',
  'json/range': 'genesis/range',
  'json/choice': 'genesis/choice',
} as const satisfies Record<keyof typeof refuseSchema.rules, string>;

function refuseShape({ error }: Failure): Failure {
  return refuseGenesis(RULE_OF[error.rule as keyof typeof RULE_OF], error.evidence);
}
