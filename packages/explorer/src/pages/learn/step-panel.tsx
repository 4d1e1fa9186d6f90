import { useId } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { Pill } from '../../ui/pill.tsx';
import type { Activity } from './activity.ts';
import { docsUrl } from './docs-url.ts';
import type { Step } from './lesson.ts';

/** A step of a lesson: what it says, what to do, and which code runs. */
export function StepPanel({
  step: { title, text, task, learned, source },
  docs,
  number,
  isDone,
  activity: Activity,
  finish,
}: {
  readonly step: Step;
  /** The document that says more. */
  readonly docs: string;
  readonly number: number;
  readonly isDone: boolean;
  readonly activity: Activity;
  readonly finish: () => void;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel min-w-0 space-y-4 px-4 py-4 sm:px-5">
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id={id} className="flex items-center gap-3 font-semibold">
          <span
            aria-hidden
            className="grid size-7 place-items-center rounded-full bg-accent-soft text-accent text-sm"
          >
            {number}
          </span>
          {title}
        </h2>
        <span role="status">
          <Pill tone={isDone ? 'good' : 'plain'}>{isDone ? 'Done' : 'To do'}</Pill>
        </span>
      </header>
      <div className="space-y-4 lg:grid lg:grid-cols-[minmax(0,20rem)_minmax(0,1fr)] lg:gap-6 lg:space-y-0">
        <div className="max-w-2xl space-y-2 text-sm leading-6">
          {text.map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
        </div>
        <div className="min-w-0 space-y-4 rounded-lg border border-line bg-page p-3 sm:p-4">
          <p className="flex gap-2 font-medium text-sm">
            <Icon name="arrow" className="mt-0.5 size-4 text-accent" />
            <span className="min-w-0">{task}</span>
          </p>
          <Activity done={finish} />
          <p role="status" className="text-good text-sm leading-6">
            {isDone && learned}
          </p>
        </div>
      </div>
      <p className="caption flex flex-wrap gap-x-4 gap-y-1">
        <span>
          Runs <code className="break-all font-mono">{source}</code>
        </span>
        <a href={docsUrl(docs)} className="link">
          Read {docs}
        </a>
      </p>
    </section>
  );
}
