import { devAuthority, devAuthorityIndex } from '@calin/client/keys/dev-accounts.ts';
import { unreachable } from '@calin/core/base/assert.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import type { ProductionConfig } from '@calin/core/node/config.ts';
import type { Signer } from '@calin/core/ports/signer.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { createKeySigner } from '../adapters/key-signer.ts';
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
      // The difficulty sets the pace: whoever rests gives the block to another.
      const blockTimeMs = choice['block-time'] ?? 0;
      if (spec.consensus.finality.kind !== 'depth')
        return openVoter(await openProducer(produce, place, choice.password), blockTimeMs);
      const publicKey = findPublicKey(produce, place);
      return publicKey.ok
        ? ok({ production: productionOf(publicKey.value, 'interval', blockTimeMs), signer: undefined })
        : publicKey;
    }
    case 'poa': {
      const found = await openProducer(produce, place, choice.password);
      if (!found.ok) return found;
      const { authorities } = production;
      const isAuthority = authorities.some((key) => equalBytes(key, found.value.publicKey));
      // Where validators are the authorities, who is one of them changes as the chain goes on.
      if (!isAuthority && authorities.length > 0) return refuseCli('cli/not-authority', { account: produce });
      const blockTimeMs = choice['block-time'];
      const kind = blockTimeMs === undefined ? 'on-transaction' : 'interval';
      return ok({
        production: productionOf(found.value.publicKey, kind, blockTimeMs ?? production.slotMs),
        signer: createKeySigner(found.value),
      });
    }
    case 'pos':
    case 'dpos':
    case 'leader':
      // Who is a validator changes as the chain goes on, and its turns set the pace.
      return openVoter(await openProducer(produce, place, choice.password), choice['block-time'] ?? 0);
    default:
      return unreachable(production);
  }
}

/** A key that makes blocks, and votes where it is among the validators. */
function openVoter(found: Result<ProducerKey>, blockTimeMs: number): Result<ChosenProduction> {
  if (!found.ok) return found;
  return ok({
    production: productionOf(found.value.publicKey, 'interval', blockTimeMs),
    signer: createKeySigner(found.value),
  });
}

type ProducerKey = Pick<SigningAccount, 'publicKey' | 'secretKey'>;

async function openProducer(
  produce: string,
  place: AccountPlace,
  password: string | undefined,
): Promise<Result<ProducerKey>> {
  const authority = place.network.dev ? devAuthorityIndex(produce) : undefined;
  return authority === undefined ? await findSigner(produce, place, password) : ok(devAuthority(authority));
}

function productionOf(
  publicKey: PublicKey,
  kind: 'on-transaction' | 'interval',
  intervalMs: number,
): ProductionConfig {
  return { kind, intervalMs, publicKey, payTo: keyAddress(publicKey) };
}
