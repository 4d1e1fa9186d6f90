import { type Amount, amount } from '../../base/amount.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import type { LedgerAction } from './registry.ts';

/** What an action takes out of the native coins of its transaction, and what it brings into them, in hugs. */
export interface NativeFlow {
  readonly takes: Amount;
  readonly brings: Amount;
}

const ZERO = amount(0);
const NONE: NativeFlow = { takes: ZERO, brings: ZERO };

/** How an action moves native coins, which follows from its bytes alone. */
export function nativeFlow(action: LedgerAction): NativeFlow {
  switch (action.kind) {
    case 'token-burn':
      return action.asset === NATIVE_ASSET ? { takes: action.amount, brings: ZERO } : NONE;
    case 'bond':
    case 'delegate':
      return { takes: action.amount, brings: ZERO };
    case 'withdraw':
      return { takes: ZERO, brings: action.amount };
    case 'evidence':
      return { takes: ZERO, brings: action.claim };
    default:
      return NONE;
  }
}
