import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { nativeFlow } from '@calin/core/ledger/actions/native-flow.ts';
import { type LedgerAction, parseAction } from '@calin/core/ledger/actions/registry.ts';
import { gasOf } from '@calin/core/ledger/transaction-gas.ts';
import { addressOf, formatAddress } from '@calin/core/primitives/address.ts';
import { type Lock, spendPaths } from '@calin/core/primitives/lock.ts';
import type { SpendPath } from '@calin/core/primitives/locks/spend-path.ts';
import { type AssetId, NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { blankTransaction } from '../transaction-builder/blank-transaction.ts';
import { openingPath } from '../transaction-builder/opening.ts';
import type { PartialTransaction } from '../transaction-builder/partial-transaction.ts';
import { type ExplainWarning, findWarnings } from './explain-warnings.ts';

/** A transaction before it is signed: a partially signed one has all of it. */
export type ExplainableTransaction = Pick<PartialTransaction, 'chainId' | 'body' | 'coins' | 'openings'>;

/** What a wallet knows when it explains a transaction. Addresses are texts of the network. */
export interface WalletKnowledge {
  /** The chain that the wallet is on. */
  readonly chainId: Hash;
  readonly spec: Pick<ChainSpec, 'fees'>;
  /** Prefix of the network's addresses. */
  readonly addressPrefix: string;
  /** Keys of the wallet. */
  readonly ownKeys: readonly PublicKey[];
  /** Addresses of the wallet that {@link ownKeys} do not tell of. */
  readonly ownAddresses: ReadonlySet<string>;
  /** Contacts and names of own accounts, by address. */
  readonly names: ReadonlyMap<string, string>;
  /** Addresses that have been paid before. */
  readonly paidAddresses: ReadonlySet<string>;
  /** The issued assets that are known. */
  readonly tokens: ReadonlyMap<AssetId, { readonly symbol: string; readonly decimals: number }>;
  /** What transactions pay per gas now, in hugs; undefined when nobody could be asked. */
  readonly typicalFeePerGas: number | undefined;
  /** All that whoever pays has of each asset, in base units; undefined when it is not known. */
  readonly holdings: ReadonlyMap<AssetId, number> | undefined;
  /** True when what the inputs hold was read from the chain, not only said by the maker of the transaction. */
  readonly inputsKnown: boolean;
}

/** One thing that a transaction does. Amounts are base units. */
export type Statement =
  | {
      readonly kind: 'spends';
      readonly asset: AssetId;
      readonly amount: number;
      readonly coins: number;
    }
  | {
      /** To somebody else, or back to the wallet. */
      readonly kind: 'pays' | 'returns';
      readonly asset: AssetId;
      readonly amount: number;
      readonly address: string;
      readonly name: string | undefined;
    }
  | {
      readonly kind: 'fee';
      /** In hugs; below 0 when the inputs do not hold what the outputs pay. */
      readonly amount: number;
      readonly gas: number;
      /** Of the native coins that are paid to others, in thousandths, rounded up; undefined when none are. */
      readonly sharePermille: number | undefined;
    }
  | { readonly kind: 'acts'; readonly action: LedgerAction }
  /** An action that this program does not know, or cannot read. */
  | { readonly kind: 'acts-unknown'; readonly tag: number }
  | { readonly kind: 'expires'; readonly height: number }
  /** A lock that is more than one key, and how it is opened. */
  | {
      readonly kind: 'opens';
      readonly lock: Lock;
      readonly address: string;
      readonly name: string | undefined;
      readonly path: SpendPath;
    };

/** What a transaction does, and what to look at twice. */
export interface Explanation {
  readonly statements: readonly Statement[];
  readonly warnings: readonly ExplainWarning[];
}

/**
 * Says what a transaction would do if it were signed: what it spends, whom it pays, what comes back, what it costs and
 * what else it does. Everything follows from what would be signed and from what the wallet knows; nothing that its
 * maker calls it is believed, but what the inputs hold, of which the warnings say when it is only claimed.
 *
 * @see docs/guides/wallet.md
 */
export function explainTransaction(
  transaction: ExplainableTransaction,
  knowledge: WalletKnowledge,
): Explanation {
  const { body } = transaction;
  const actions = body.actions.map((action): Statement => {
    const parsed = parseAction(action);
    return parsed.ok ? { kind: 'acts', action: parsed.value } : { kind: 'acts-unknown', tag: action.tag };
  });
  const outputs = outputStatements(transaction, knowledge);
  const statements: Statement[] = [...spentStatements(transaction), ...outputs, ...actions];
  statements.push(feeStatement(transaction, statements, knowledge));
  statements.push(...openStatements(transaction, knowledge));
  if (body.expiryHeight > 0) statements.push({ kind: 'expires', height: body.expiryHeight });
  return { statements, warnings: findWarnings(transaction, statements, knowledge) };
}

function spentStatements({ coins }: ExplainableTransaction): Statement[] {
  const spent = new Map<AssetId, { amount: number; coins: number }>();
  for (const { asset, amount } of coins) {
    const sum = spent.get(asset) ?? { amount: 0, coins: 0 };
    spent.set(asset, { amount: sum.amount + amount, coins: sum.coins + 1 });
  }
  return [...spent].map(([asset, sum]) => ({ kind: 'spends', asset, ...sum }));
}

function outputStatements({ body, openings }: ExplainableTransaction, knowledge: WalletKnowledge) {
  const { addressPrefix, ownAddresses, ownKeys, names } = knowledge;
  const own = new Set(ownAddresses);
  for (const publicKey of ownKeys)
    own.add(formatAddress(addressOf({ kind: 'key', publicKey }), addressPrefix));
  // What goes back to a lock in which the wallet takes part has not left it.
  for (const { lock } of openings) {
    if (takesPart(lock, ownKeys)) own.add(formatAddress(addressOf(lock), addressPrefix));
  }
  return body.outputs.map(({ asset, amount, address: bytes }): Statement => {
    const address = formatAddress(bytes, addressPrefix);
    const kind = own.has(address) ? 'returns' : 'pays';
    return { kind, asset, amount, address, name: names.get(address) };
  });
}

function takesPart(lock: Lock, ownKeys: readonly PublicKey[]): boolean {
  return spendPaths(lock).some(({ publicKeys }) =>
    publicKeys.some((key) => ownKeys.some((own) => equalBytes(own, key))),
  );
}

function feeStatement(
  { body, openings }: ExplainableTransaction,
  statements: readonly Statement[],
  { spec }: WalletKnowledge,
): Statement {
  // Sums of native coins: there are at most 2^53 − 1 hugs; false claims of more only make the fee wrong as they are.
  let fee = 0;
  let paid = 0;
  for (const statement of statements) {
    if (statement.kind === 'acts') {
      const { takes, brings } = nativeFlow(statement.action);
      fee += brings - takes;
    }
    if (!('asset' in statement) || statement.asset !== NATIVE_ASSET) continue;
    fee += statement.kind === 'spends' ? statement.amount : -statement.amount;
    if (statement.kind === 'pays') paid += statement.amount;
  }
  const gas = gasOf(spec, blankTransaction(body, openings));
  const sharePermille = paid > 0 ? Math.ceil((fee / paid) * 1000) : undefined;
  return { kind: 'fee', amount: fee, gas, sharePermille };
}

function openStatements(
  { openings }: ExplainableTransaction,
  { addressPrefix, names }: WalletKnowledge,
): Statement[] {
  return openings.flatMap((opening): Statement[] => {
    const { lock } = opening;
    if (lock.kind === 'key') return [];
    const address = formatAddress(addressOf(lock), addressPrefix);
    return [{ kind: 'opens', lock, address, name: names.get(address), path: openingPath(opening) }];
  });
}
