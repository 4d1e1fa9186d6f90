import type { Refusal, Result } from '@calin/core/base/result.ts';
import { Icon } from '../../ui/icon.tsx';

/** What the code has answered: that it is fine, or the rule that was broken. Keeps its place while there is nothing. */
export function Verdict({
  result,
  good,
}: {
  readonly result: Result<unknown> | undefined;
  /** What to say when nothing is wrong. */
  readonly good: string;
}) {
  return (
    <div role="status" className="min-h-10 text-sm">
      {result !== undefined && (result.ok ? <Good text={good} /> : <Refused refusal={result.error} />)}
    </div>
  );
}

function Good({ text }: { readonly text: string }) {
  return (
    <p className="flex gap-2 text-good">
      <Icon name="check" className="mt-0.5 size-4" />
      {text}
    </p>
  );
}

function Refused({ refusal: { rule, message } }: { readonly refusal: Refusal }) {
  return (
    <p className="flex gap-2 text-bad">
      <Icon name="cross" className="mt-0.5 size-4" />
      <span className="min-w-0">
        {message} <code className="whitespace-nowrap font-mono text-xs">{rule}</code>
      </span>
    </p>
  );
}
