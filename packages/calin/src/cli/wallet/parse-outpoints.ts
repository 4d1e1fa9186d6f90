import { fromHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { INPUTS_MAX } from '@calin/core/primitives/limits.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { refuseCli } from '../rules.ts';

/** Coins as `calin coins` names them: TXID:INDEX, with commas between them. Refuses by `cli/option-value`. */
export function parseOutpoints(text: string): Result<readonly Outpoint[]> {
  const outpoints: Outpoint[] = [];
  for (const part of text.split(',', INPUTS_MAX + 1)) {
    const [, txid, index] = /^([0-9a-f]{64}):(0|[1-9][0-9]{0,2})$/.exec(part) ?? [];
    if (txid === undefined || Number(index) > INPUTS_MAX || outpoints.length === INPUTS_MAX) {
      const expected = `up to ${INPUTS_MAX} of TXID:INDEX, with commas between them`;
      return refuseCli('cli/option-value', { option: '--coins', got: part.slice(0, 80), expected });
    }
    outpoints.push({ txid: fromHex(txid), index: Number(index) });
  }
  return ok(outpoints);
}
