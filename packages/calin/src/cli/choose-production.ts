import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { ProductionConfig } from '@calin/core/node/config.ts';
import type { Signer } from '@calin/core/ports/signer.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { createKeySigner } from '../adapters/key-signer.ts';
import { devAuthority } from '../host/dev-accounts.ts';
import { findSigner } from './accounts/find-account.ts';
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

/** Opens the key that shall make blocks and checks that the chain takes it. */
export async function chooseProduction(
  choice: ProductionChoice,
  spec: ChainSpec,
): Promise<Result<ChosenProduction>> {
  if (choice.produce === undefined) return ok({ production: { kind: 'off' }, signer: undefined });
  const isDevAuthority = spec.dev && choice.produce === 'dev-authority';
  const network = { spec, addressPrefix: spec.addressPrefix, dev: spec.dev };
  const place = { network, keystore: keystoreOf(choice) };
  const found = isDevAuthority
    ? ok(devAuthority())
    : await findSigner(choice.produce, place, choice.password);
  if (!found.ok) return found;
  const { publicKey } = found.value;
  const { authorities } = spec.consensus.production;
  if (!authorities.some((authority) => equalBytes(authority, publicKey))) {
    return refuseCli('cli/not-authority', { account: choice.produce });
  }
  const blockTimeMs = choice['block-time'];
  return ok({
    production: {
      kind: blockTimeMs === undefined ? 'on-transaction' : 'interval',
      intervalMs: blockTimeMs ?? spec.consensus.production.slotMs,
      publicKey,
      payTo: keyAddress(publicKey),
    },
    signer: createKeySigner(found.value),
  });
}
