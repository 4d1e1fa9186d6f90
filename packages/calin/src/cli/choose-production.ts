import { unreachable } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import type { ProductionConfig } from '@calin/core/node/config.ts';
import type { Signer } from '@calin/core/ports/signer.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import type { ChainSpec, PoaSpec } from '@calin/core/spec/chain-spec.ts';
import { createKeySigner } from '../adapters/key-signer.ts';
import { devAuthority, devAuthorityIndex } from '../host/dev-accounts.ts';
import {
  type AccountPlace,
  findPublicKey,
  findSigner,
  type SigningAccount,
} from './accounts/find-account.ts';
import { keystoreOf } from './accounts/network.ts';
import { refuseCli } from './rules.ts';

/** What decides whether a node makes blocks. */
export interface ProductionChoice {
  readonly produce: string | undefined;
  readonly 'block-time': number | undefined;
  readonly data: string | undefined;
  readonly keystore: string | undefined;
  readonly password: string | undefined;
}

/** How a node makes blocks, and with which key. */
export interface ChosenProduction {
  readonly production: ProductionConfig;
  readonly signer: Signer | undefined;
}

/** Finds the key that shall make blocks, and opens it where blocks are signed and the chain takes its signature. */
export async function chooseProduction(
  choice: ProductionChoice,
  spec: ChainSpec,
): Promise<Result<ChosenProduction>> {
  const { produce } = choice;
  if (produce === undefined) return ok({ production: { kind: 'off' }, signer: undefined });
  const network = { spec, addressPrefix: spec.addressPrefix, dev: spec.dev };
  const place = { network, keystore: keystoreOf(choice) };
  const { production } = spec.consensus;
  switch (production.kind) {
    case 'pow': {
      const publicKey = findPublicKey(produce, place);
      // The difficulty sets the pace: whoever rests gives the block to another.
      const blockTimeMs = choice['block-time'] ?? 0;
      return publicKey.ok
        ? ok({ production: productionOf(publicKey.value, 'interval', blockTimeMs), signer: undefined })
        : publicKey;
    }
    case 'poa': {
      const found = await openAuthority(produce, place, choice.password, production);
      if (!found.ok) return found;
      const blockTimeMs = choice['block-time'];
      const kind = blockTimeMs === undefined ? 'on-transaction' : 'interval';
      return ok({
        production: productionOf(found.value.publicKey, kind, blockTimeMs ?? production.slotMs),
        signer: createKeySigner(found.value),
      });
    }
    default:
      return unreachable(production);
  }
}

async function openAuthority(
  produce: string,
  place: AccountPlace,
  password: string | undefined,
  { authorities }: PoaSpec,
): Promise<Result<Pick<SigningAccount, 'publicKey' | 'secretKey'>>> {
  const authority = place.network.dev ? devAuthorityIndex(produce) : undefined;
  const found =
    authority === undefined ? await findSigner(produce, place, password) : ok(devAuthority(authority));
  if (!found.ok) return found;
  const isAuthority = authorities.some((authority) => equalBytes(authority, found.value.publicKey));
  return isAuthority ? found : refuseCli('cli/not-authority', { account: produce });
}

function productionOf(
  publicKey: PublicKey,
  kind: 'on-transaction' | 'interval',
  intervalMs: number,
): ProductionConfig {
  return { kind, intervalMs, publicKey, payTo: keyAddress(publicKey) };
}
