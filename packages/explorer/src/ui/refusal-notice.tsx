import { RefusedCall } from '../node/rpc.ts';
import { Notice } from './notice.tsx';

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
  return (
    <Notice title={message} tone={rule.endsWith('-unknown') || rule === 'codec/address' ? 'plain' : 'bad'}>
      {help} <code className="whitespace-nowrap font-mono text-xs opacity-80">{rule}</code>
    </Notice>
  );
}
