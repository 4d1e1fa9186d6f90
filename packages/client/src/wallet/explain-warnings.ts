import { equalBytes } from '@calin/core/base/bytes.ts';
import { type AssetId, NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { ExplainableTransaction, Statement, WalletKnowledge } from './explain-transaction.ts';

/** Something to look at twice before signing, with what the words need. The ids are stable. */
export type ExplainWarning =
  /** The signatures would be for another chain than the wallet is on. */
  | { readonly id: 'foreign-chain' }
  | { readonly id: 'unknown-action'; readonly tag: number }
  /** The inputs do not hold what the outputs pay, by what is known of them. */
  | { readonly id: 'inputs-short' }
  /** What the inputs hold, and so the fee, is only what the maker says. */
  | { readonly id: 'inputs-unproved' }
  /** Neither a contact nor an address that was paid before. */
  | { readonly id: 'new-address'; readonly address: string }
  | { readonly id: 'large-fee'; readonly why: 'share' | 'rate' }
  | { readonly id: 'unknown-token'; readonly asset: AssetId }
  /** Nothing of an asset is left. */
  | { readonly id: 'everything'; readonly asset: AssetId };

/** A fee of a tenth of what is paid is more than most people mean to give. */
const SHARE_PERMILLE_MAX = 100;
/** Times the fee per gas that others pay: above this there is a mistake in it, not haste. */
const TYPICAL_TIMES_MAX = 4;

/** Finds what to look at twice, the gravest first. */
export function findWarnings(
  transaction: ExplainableTransaction,
  statements: readonly Statement[],
  knowledge: WalletKnowledge,
): readonly ExplainWarning[] {
  const { chainId, inputsKnown } = knowledge;
  const warnings: ExplainWarning[] = [];
  if (!equalBytes(transaction.chainId, chainId)) warnings.push({ id: 'foreign-chain' });
  for (const statement of statements) {
    if (statement.kind === 'acts-unknown') warnings.push({ id: 'unknown-action', tag: statement.tag });
  }
  if (!inputsKnown) warnings.push({ id: 'inputs-unproved' });
  warnings.push(...newAddresses(statements, knowledge));
  warnings.push(...feeWarnings(statements, knowledge));
  warnings.push(...assetWarnings(statements, knowledge));
  return warnings;
}

function newAddresses(
  statements: readonly Statement[],
  { names, paidAddresses }: WalletKnowledge,
): ExplainWarning[] {
  const paid = statements.flatMap((statement) => (statement.kind === 'pays' ? [statement.address] : []));
  return [...new Set(paid)]
    .filter((address) => !names.has(address) && !paidAddresses.has(address))
    .map((address) => ({ id: 'new-address', address }));
}

function feeWarnings(
  statements: readonly Statement[],
  { typicalFeePerGas }: WalletKnowledge,
): ExplainWarning[] {
  for (const statement of statements) {
    if (statement.kind !== 'fee') continue;
    const { amount, gas, sharePermille = 0 } = statement;
    if (amount < 0) return [{ id: 'inputs-short' }];
    if (typicalFeePerGas !== undefined && amount > TYPICAL_TIMES_MAX * typicalFeePerGas * gas)
      return [{ id: 'large-fee', why: 'rate' }];
    if (sharePermille > SHARE_PERMILLE_MAX) return [{ id: 'large-fee', why: 'share' }];
  }
  return [];
}

function assetWarnings(
  statements: readonly Statement[],
  { tokens, holdings }: WalletKnowledge,
): ExplainWarning[] {
  const warnings: ExplainWarning[] = [];
  const assets = new Set(statements.flatMap((statement) => ('asset' in statement ? [statement.asset] : [])));
  for (const asset of assets) {
    const sum = (kind: 'spends' | 'pays' | 'returns') =>
      statements.reduce(
        (total, one) => (one.kind === kind && one.asset === asset ? total + one.amount : total),
        0,
      );
    if (asset !== NATIVE_ASSET && !tokens.has(asset)) warnings.push({ id: 'unknown-token', asset });
    const isAll = holdings !== undefined && sum('spends') >= (holdings.get(asset) ?? 0);
    if (isAll && sum('pays') > 0 && sum('returns') === 0) warnings.push({ id: 'everything', asset });
  }
  return warnings;
}
