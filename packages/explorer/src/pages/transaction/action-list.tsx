import type { ActionJson } from '../../node/shapes.ts';
import { Panel } from '../../ui/panel.tsx';
import { explainAction } from '../../words/explain-action.ts';

/** What a transaction does beside moving coins, in words. */
export function ActionList({ actions }: { readonly actions: readonly ActionJson[] }) {
  return (
    <Panel title="What it does">
      <ol className="space-y-2 text-sm">
        {actions.map((action) => {
          const text = explainAction(action);
          return (
            <li key={text} className="break-words">
              {text}
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
