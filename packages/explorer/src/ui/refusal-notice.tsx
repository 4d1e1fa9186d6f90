import { RefusedCall } from '../node/rpc.ts';
import { Notice } from './notice.tsx';

/** Refusals that are no failure: what was asked for is not there, or not kept. */
const PLAIN: ReadonlySet<string> = new Set([
  'codec/address',
  'index/off',
  'node/no-index',
  'rpc/block-pruned',
]);

/** Why something could not be read, by the rule that refused it. */
export function RefusalNotice({ error }: { readonly error: Error }) {
  if (!(error instanceof RefusedCall)) {
    return (
      <Notice title="Something on this page went wrong." tone="bad">
        {error.message}
      </Notice>
    );
  }
  const { message, help, rule } = error.refusal;
  const isPlain = rule.endsWith('-unknown') || PLAIN.has(rule);
  return (
    <Notice title={message} tone={isPlain ? 'plain' : 'bad'}>
      {help} <code className="whitespace-nowrap font-mono text-xs opacity-80">{rule}</code>
    </Notice>
  );
}
