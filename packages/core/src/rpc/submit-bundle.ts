import type { Result } from '../base/result.ts';
import type { SubmitVerdict } from '../node/events.ts';
import { encodeVerdicts } from './bundle-verdicts.ts';
import type { RpcHost } from './dispatch.ts';
import { attempt, guard } from './guard.ts';
import { presentVerdict } from './methods/tx-submit.ts';
import { parseBundle } from './transaction-bundle.ts';

/** How the sender of a bundle wants its verdicts: see bundle-verdicts.ts, or as the result of `tx_submit`. */
export type VerdictFormat = 'binary' | 'json';

/**
 * Hands a bundle of transactions to the node: what `tx_submit` does, without the price of JSON and hexadecimal text.
 * Never throws, whatever the bytes; calls `done` exactly once.
 *
 * @param bytes - at most `REQUEST_BYTES_MAX`; they must not change until `done` is called
 * @param done - gets the verdicts, or the refusal of the whole bundle
 * @see docs/reference/rpc.md#bundles
 */
export function submitBundle(
  bytes: Uint8Array,
  format: VerdictFormat,
  host: Pick<RpcHost, 'request' | 'failed'>,
  done: (answer: Result<Uint8Array<ArrayBuffer> | string>) => void,
): void {
  guard(host, done, (once) => {
    const bundle = parseBundle(bytes);
    if (!bundle.ok) return once(bundle);
    host.request({ kind: 'submit', transactions: bundle.value }, (answer) => {
      if (!answer.ok) return once(answer);
      const verdicts = answer.value as readonly SubmitVerdict[];
      once(
        attempt(host, () =>
          format === 'binary' ? encodeVerdicts(verdicts) : JSON.stringify(verdicts.map(presentVerdict)),
        ),
      );
    });
  });
}
