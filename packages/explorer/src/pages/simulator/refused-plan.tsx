import type { Failure } from '@calin/core/base/result.ts';
import { Notice } from '../../ui/notice.tsx';

/** Why a run is not made, by the rule that refused it. */
export function RefusedPlan({
  refusal: { message, help, rule, evidence },
}: {
  readonly refusal: Failure['error'];
}) {
  const seen = Object.entries(evidence).map(([name, value]) => `${name}: ${String(value)}`);
  return (
    <Notice title={message} tone="warn">
      {help} {seen.length > 0 && `(${seen.join(', ')}) `}
      <code className="whitespace-nowrap font-mono text-xs opacity-80">{rule}</code>
    </Notice>
  );
}
