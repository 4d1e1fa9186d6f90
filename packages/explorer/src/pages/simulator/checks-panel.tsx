import type { Violation } from '@calin/sim/checkers/checker.ts';
import type { LiveStory } from '@calin/sim/live/live-frame.ts';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { formatMomentOfRun, INVARIANT_WORDS } from './run-words.ts';

/** Evidence is shown so far: hashes by their beginnings. */
const VALUE_MAX = 20;

/** Findings of each invariant that are shown. */
const SHOWN_MAX = 2;

/** The checker of agreement looks while the run goes on; the others need all of it. */
const WATCHED: ReadonlySet<string> = new Set(['agreement']);

/** What must hold in every run, and what was found broken in this one. */
export function ChecksPanel({ story, isOver }: { readonly story: LiveStory; readonly isOver: boolean }) {
  const { invariants, violations } = story;
  const broken = new Set(violations.map(({ invariant }) => invariant));
  return (
    <Panel
      title="What must hold"
      aside={isOver ? 'judged at the end of the run' : 'most of it is judged at the end'}
    >
      <ul className="divide-y divide-line text-sm">
        {invariants.map((name) => (
          <li key={name} className="flex items-start justify-between gap-3 py-2">
            <span className="min-w-0">
              <span className="font-medium">{name}</span>
              <span className="block text-soft text-xs">{INVARIANT_WORDS[name]}</span>
            </span>
            {broken.has(name) ? (
              <Pill tone="bad">broken</Pill>
            ) : isOver ? (
              <Pill tone="good">holds</Pill>
            ) : (
              <Pill>{WATCHED.has(name) ? 'holds so far' : 'at the end'}</Pill>
            )}
          </li>
        ))}
      </ul>
      {violations.length > 0 && (
        <div className="mt-3 space-y-2">
          {firstOf(violations).map((violation) => (
            <Broken key={`${violation.invariant} ${sayEvidence(violation)}`} violation={violation} />
          ))}
          {violations.length > firstOf(violations).length && (
            <p className="caption">{violations.length - firstOf(violations).length} more were found.</p>
          )}
        </div>
      )}
    </Panel>
  );
}

/** The first finding of each invariant says what went wrong, and the second that it was no accident. */
function firstOf(violations: readonly Violation[]): readonly Violation[] {
  return violations.filter(
    ({ invariant }, i) =>
      violations.slice(0, i).filter((one) => one.invariant === invariant).length < SHOWN_MAX,
  );
}

function Broken({ violation }: { readonly violation: Violation }) {
  const { invariant, atUs, message } = violation;
  return (
    <Notice tone="bad" title={`${message} (${invariant}, ${formatMomentOfRun(atUs)})`}>
      {sayEvidence(violation)}
    </Notice>
  );
}

function sayEvidence({ evidence }: Violation): string {
  return Object.entries(evidence)
    .map(([name, value]) => `${name} ${String(value).slice(0, VALUE_MAX)}`)
    .join(' · ');
}
