import type { Action } from '@calin/core/primitives/action.ts';
import { OUTPOINT_BYTES } from '@calin/core/primitives/outpoint.ts';
import { OUTPUT_BYTES } from '@calin/core/primitives/output.ts';
import { TRANSACTION_HEAD_BYTES } from '@calin/core/primitives/transaction.ts';
import type { FeeSpec } from '@calin/core/spec/chain-spec.ts';
import { type Opening, openingPath, witnessBytes } from './opening.ts';

/**
 * The gas of each part of a transaction. A wallet needs the parts to choose coins; the whole is counted by the
 * ledger's own rule when it is built, and must come to the same sum.
 */
export interface GasCosts {
  /** The head: what even an empty transaction costs. */
  readonly head: number;
  readonly input: number;
  readonly output: number;
  action(action: Action): number;
  witness(opening: Opening): number;
}

/** The costs at a chain's prices. @see docs/reference/ledger.md#gas-and-fees */
export function gasCosts(fees: FeeSpec): GasCosts {
  const { gasPerByte, gasPerOutput, gasPerAction, gasPerSignature } = fees;
  return {
    head: TRANSACTION_HEAD_BYTES * gasPerByte,
    input: OUTPOINT_BYTES * gasPerByte,
    output: OUTPUT_BYTES * gasPerByte + gasPerOutput,
    action: ({ body }) => actionBytes(body.length) * gasPerByte + gasPerAction,
    witness: (opening) =>
      witnessBytes(opening) * gasPerByte + openingPath(opening).threshold * gasPerSignature,
  };
}

/** Tag u8, length u24, the body, zeros up to a multiple of 4; see action.ts of core. */
function actionBytes(bodyBytes: number): number {
  return 4 * Math.ceil((4 + bodyBytes) / 4);
}
