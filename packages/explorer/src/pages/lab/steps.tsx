import { Panel } from '../../ui/panel.tsx';
import type { Lab } from './use-lab.ts';

/** What was done so far, and what a node said each time. */
export function Steps({ lab: { steps } }: { readonly lab: Lab }) {
  return (
    <Panel title="So far">
      <ol aria-label="Steps" className="space-y-2 text-sm">
        {steps.map(({ done, verdict, number }) => (
          <li key={number}>
            {done}
            <span
              className={`block font-mono text-xs ${verdict.kind === 'refused' ? 'text-bad' : 'text-good'}`}
            >
              {verdict.kind === 'refused' ? verdict.refusal.rule : 'valid'}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
