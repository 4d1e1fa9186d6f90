import { toHex } from '../base/bytes.ts';
import type { Failure } from '../base/result.ts';
import { isStrongPublicKey } from '../crypto/public-key.ts';
import type { PublicKey } from '../crypto/signature.ts';
import type { ChainSpec } from './chain-spec.ts';
import { refuseGenesis } from './rules.ts';
import type { StakeSpec } from './validator-spec.ts';

const PATH = 'genesis.consensus.validators';

/** What must hold between the values of `consensus.validators`; undefined when all of it does. */
export function checkValidators({ consensus: { validators } }: ChainSpec): Failure | undefined {
  if (validators === undefined) return undefined;
  if (validators.kind === 'stake') return checkStakes(validators);
  return checkAuthorityKeys(validators.authorities, `${PATH}.authorities`);
}

/** At least one authority, none twice, and each key one that only its owner can sign for. */
export function checkAuthorityKeys(authorities: readonly PublicKey[], path: string): Failure | undefined {
  if (authorities.length === 0) return refuseGenesis('genesis/authority-missing', { path });
  const seen = new Set<string>();
  for (const [i, authority] of authorities.entries()) {
    const evidence = { path: `${path}[${i}]`, got: toHex(authority) };
    if (seen.has(evidence.got)) return refuseGenesis('genesis/authority-repeated', evidence);
    if (!isStrongPublicKey(authority)) return refuseGenesis('genesis/authority-key', evidence);
    seen.add(evidence.got);
  }
  return undefined;
}

function checkStakes({ stakes, bondMin, commissionPermilleMax }: StakeSpec): Failure | undefined {
  if (stakes.length === 0) return refuseGenesis('genesis/stake-missing', { path: `${PATH}.stakes` });
  const seen = new Set<string>();
  for (const [i, { publicKey, amount, commissionPermille }] of stakes.entries()) {
    const path = `${PATH}.stakes[${i}]`;
    const evidence = { path: `${path}.publicKey`, got: toHex(publicKey) };
    if (seen.has(evidence.got)) return refuseGenesis('genesis/stake-repeated', evidence);
    if (!isStrongPublicKey(publicKey)) return refuseGenesis('genesis/stake-key', evidence);
    seen.add(evidence.got);
    if (amount < bondMin) {
      return refuseGenesis('genesis/stake-below-minimum', {
        path: `${path}.amount`,
        got: amount,
        expected: bondMin,
      });
    }
    if (commissionPermille > commissionPermilleMax) {
      return refuseGenesis('genesis/stake-commission', {
        path: `${path}.commissionPermille`,
        got: commissionPermille,
        expected: commissionPermilleMax,
      });
    }
  }
  return undefined;
}
