import type { Address } from '../../primitives/address.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import type { Overlay } from '../../state/view.ts';
import type { AssetBalances } from '../asset-balances.ts';
import type { BlockEnvironment } from '../environment.ts';

/** What an action may read and change while its transaction is applied. */
export interface ActionContext {
  readonly spec: ChainSpec;
  readonly overlay: Overlay;
  readonly tx: Transaction;
  /** Position of the action in its transaction. */
  readonly index: number;
  /** The address of the first witness, which is the address of the first input's coin. */
  readonly author: Address;
  readonly env: BlockEnvironment;
  /** Where minted and burned amounts are counted. */
  readonly balances: AssetBalances;
}
