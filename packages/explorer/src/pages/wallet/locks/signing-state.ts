import { openingPath } from '@calin/client/transaction-builder/opening.ts';
import {
  missingParts,
  type PartialTransaction,
} from '@calin/client/transaction-builder/partial-transaction.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { type NamedKey, nameKey } from './name-keys.ts';

/** One lock that a transaction opens, and how far its signing has come. */
export interface OpeningState {
  readonly lock: Lock;
  readonly path: number;
  readonly threshold: number;
  readonly keys: readonly (NamedKey & { readonly hasSigned: boolean })[];
  /** Signatures that are missing. */
  readonly missing: number;
  readonly secret: 'not needed' | 'missing' | 'there';
}

/** How far the signing of a transaction has come. */
export interface SigningState {
  readonly openings: readonly OpeningState[];
  /** Accounts of this wallet whose signature would help, by name. */
  readonly canSign: readonly string[];
  readonly lacksSecret: boolean;
  readonly isWhole: boolean;
}

/** Says who has signed, and what is missing. */
export function signingState(
  partial: PartialTransaction,
  document: Pick<WalletDocument, 'accounts' | 'contacts' | 'watched' | 'addressPrefix'>,
): SigningState {
  const missing = missingParts(partial);
  const openings = partial.openings.map((opening, witness): OpeningState => {
    const { publicKeys, threshold, condition } = openingPath(opening);
    const part = missing.find((one) => one.witness === witness);
    const keys = publicKeys.map((key) => ({
      ...nameKey(key, document),
      hasSigned: partial.signatures.some(({ publicKey }) => equalBytes(publicKey, key)),
    }));
    const hasSecret = opening.preimage === undefined ? 'missing' : 'there';
    return {
      lock: opening.lock,
      path: opening.path,
      threshold,
      keys,
      missing: part?.signatures ?? 0,
      secret: condition.kind === 'preimage' ? hasSecret : 'not needed',
    };
  });
  const open = openings.filter((one) => one.missing > 0).flatMap(({ keys }) => keys);
  const useful = open.filter(({ isOwn, hasSigned }) => isOwn && !hasSigned);
  return {
    openings,
    canSign: [...new Set(useful.map(({ name }) => name ?? ''))],
    lacksSecret: openings.some(({ secret }) => secret === 'missing'),
    isWhole: missing.length === 0,
  };
}
