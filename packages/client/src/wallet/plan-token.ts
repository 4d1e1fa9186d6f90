import type { Amount } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { TokenCreateAction } from '@calin/core/ledger/actions/token-create.ts';
import { refuseLedger } from '@calin/core/ledger/rules.ts';
import { tokenId } from '@calin/core/ledger/token.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import type { AssetId } from '@calin/core/primitives/output.ts';
import { parseAmountText } from '../units/amount-text.ts';
import type { PaymentPlan } from './build-payment.ts';

/** A token as a person described it. */
export interface TokenDescription {
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
  readonly supply: string;
  readonly supplyMax: string | undefined;
  readonly minter: Address | undefined;
  /** Who gets the first supply. */
  readonly owner: Address;
}

/** What is done to a token by one account. */
export type TokenPlan = Pick<PaymentPlan, 'outputs' | 'actions' | 'isAuthority'>;

/** The longest name, as the ledger has it. */
const NAME_BYTES_MAX = 64;

/** The transaction that creates a token. What a person may mistype is refused here, by the ledger's own rules. */
export function planToken(token: TokenDescription): Result<TokenPlan> {
  const { symbol, name, decimals, owner, minter = ZERO_HASH } = token;
  if (!/^[A-Z0-9]{1,12}$/.test(symbol)) return refuseLedger('token/symbol', { got: symbol.slice(0, 40) });
  const nameBytes = utf8Bytes(name).length;
  if (nameBytes > NAME_BYTES_MAX)
    return refuseLedger('token/name', { got: nameBytes, expected: NAME_BYTES_MAX });
  // Narrower than the ledger: neither a terminal nor a page has a use for any of these characters.
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return refuseLedger('token/name', { why: 'control character' });
  const supply = parseAmountText(token.supply, decimals);
  if (!supply.ok) return supply;
  const supplyMax = token.supplyMax === undefined ? supply : parseAmountText(token.supplyMax, decimals);
  if (!supplyMax.ok) return supplyMax;
  if (supplyMax.value < 1 || supply.value > supplyMax.value) {
    return refuseLedger('token/supply-range', { got: supply.value, expected: supplyMax.value });
  }
  const action: TokenCreateAction = {
    kind: 'token-create',
    symbol,
    name,
    decimals,
    supplyMax: supplyMax.value,
    supply: supply.value,
    minter,
  };
  return ok({
    actions: [action],
    outputs: ({ outpoint }) =>
      supply.value === 0 ? [] : [{ asset: tokenId(outpoint, 0), amount: supply.value, address: owner }],
  });
}

/** Mints an amount of a token for its minter, who agrees as its authority. */
export function planMint(asset: AssetId, amount: Amount, minter: Address): TokenPlan {
  return {
    outputs: () => [{ asset, amount, address: minter }],
    actions: [{ kind: 'token-mint', asset, amount }],
    isAuthority: true,
  };
}

/** Destroys an amount of a token, or of the native coin, for ever. */
export function planBurn(asset: AssetId, amount: Amount): TokenPlan {
  return { outputs: () => [], actions: [{ kind: 'token-burn', asset, amount }] };
}
