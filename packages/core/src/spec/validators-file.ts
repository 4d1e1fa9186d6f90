import type { Amount } from '../base/amount.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { formatAddress } from '../primitives/address.ts';
import { parseOwner } from './parse-owner.ts';
import type { ValidatorsFile } from './validator-schema.ts';
import type { GenesisStake, ValidatorsSpec } from './validator-spec.ts';

/**
 * The part of a spec that `consensus.validators` of a genesis file describes. The schema has taken nothing but
 * hexadecimal for keys and no amount above 2^53 − 1.
 */
export function parseValidators(
  file: ValidatorsFile | undefined,
  prefix: string,
): Result<ValidatorsSpec | undefined> {
  if (file === undefined) return ok(undefined);
  if (file.kind === 'authorities') return ok({ ...file, authorities: file.authorities.map(fromHex) });
  const stakes: GenesisStake[] = [];
  for (const [i, stake] of file.stakes.entries()) {
    const owner = parseOwner(stake.owner, prefix, `genesis.consensus.validators.stakes[${i}].owner`);
    if (!owner.ok) return owner;
    const publicKey = fromHex(stake.publicKey);
    stakes.push({ ...stake, publicKey, owner: owner.value, amount: stake.amount as Amount });
  }
  return ok({ ...file, bondMin: file.bondMin as Amount, stakes });
}

/** The same as JSON; {@link parseValidators} undoes it. */
export function formatValidators(spec: ValidatorsSpec, prefix: string): ValidatorsFile {
  if (spec.kind === 'authorities') return { ...spec, authorities: spec.authorities.map(toHex) };
  const stakes = spec.stakes.map((stake) => ({
    ...stake,
    publicKey: toHex(stake.publicKey),
    owner: formatAddress(stake.owner, prefix),
  }));
  return { ...spec, stakes };
}
