import type { BalanceJson, CoinJson, FoundTransaction, HeaderJson, TokenJson } from '../node/shapes.ts';

/** Something that the node has said and that a header of the chain can prove or disprove. */
export type Claim =
  | {
      readonly kind: 'header';
      readonly header: HeaderJson;
    }
  | {
      readonly kind: 'transaction';
      readonly found: FoundTransaction;
    }
  | {
      readonly kind: 'token';
      readonly token: TokenJson;
    }
  | {
      readonly kind: 'holdings';
      readonly address: string;
      readonly balances: readonly BalanceJson[];
      readonly coins: readonly CoinJson[];
      /** False when the address has more coins than these. */
      readonly isWhole: boolean;
      /** The head when the node said so; null when it went on meanwhile. */
      readonly at: { readonly height: number; readonly id: string } | null;
    };

/** What became of a claim. */
export type Verdict =
  | {
      readonly kind: 'proved';
      /** The header that it was proved against. */
      readonly height: number;
      /** False where that header may still be replaced. */
      readonly isFinal: boolean;
      /** What exactly was proved, as a sentence. */
      readonly what: string;
    }
  /** Nothing speaks against it, and it could not be proved. */
  | { readonly kind: 'open'; readonly why: string }
  /** What the node said contradicts the chain. */
  | { readonly kind: 'wrong'; readonly why: string; readonly rule: string };

/** A verdict of {@link Claim} that says: proved. */
export function proved(height: number, finalHeight: number, what: string): Verdict {
  return { kind: 'proved', height, isFinal: height <= finalHeight, what };
}

/** A verdict of {@link Claim} that says: contradicted. */
export function wrong(rule: string, why: string): Verdict {
  return { kind: 'wrong', rule, why };
}
