import type {
  BalanceJson,
  CoinJson,
  FoundTransaction,
  FullBlock,
  HeaderJson,
  Holdings,
  TokenJson,
  ValidatorsJson,
} from '../node/shapes.ts';

/** The head after which the node said something; null when the chain went on meanwhile. */
export type SaidAt = { readonly height: number; readonly id: string } | null;

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
      readonly at: SaidAt;
    }
  | {
      /** All that a block holds. */
      readonly kind: 'contents';
      readonly block: FullBlock;
    }
  | {
      readonly kind: 'validators';
      readonly set: ValidatorsJson;
      readonly at: SaidAt;
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
      readonly trust: Trust;
    }
  /** Nothing speaks against it, and it could not be proved. */
  | { readonly kind: 'open'; readonly why: string }
  /** What the node said contradicts the chain. */
  | { readonly kind: 'wrong'; readonly why: string; readonly rule: string };

/** Where what a page believes begins: the genesis block, one that it followed before, or one that the node named. */
export interface Trust {
  readonly from: 'genesis' | 'kept' | 'node';
  readonly height: number;
}

/** A verdict of {@link Claim} that says: proved. */
export function proved(
  height: number,
  { finalHeight, trust }: { readonly finalHeight: number; readonly trust: Trust },
  what: string,
): Verdict {
  return { kind: 'proved', height, isFinal: height <= finalHeight, what, trust };
}

/** A verdict of {@link Claim} that says: contradicted. */
export function wrong(rule: string, why: string): Verdict {
  return { kind: 'wrong', rule, why };
}

/** The claim that an address holds what the node has said. */
export function holdingsClaim(address: string, { balances, coins, next, at }: Holdings): Claim {
  return { kind: 'holdings', address, balances, coins, isWhole: next === null, at };
}
