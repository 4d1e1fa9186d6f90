import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TOOLS } from '../playground/tools.ts';
import { LESSONS, type ListedLesson } from './lessons.ts';
import { countDone, type Progress } from './progress.ts';
import { forgetProgress, useProgress } from './use-progress.ts';

/** The lessons in their order, and what else there is to try. */
export function LearnPage() {
  const progress = useProgress();
  const next = LESSONS.find((lesson) => countDone(lesson, progress) < lesson.steps.length);
  return (
    <Page title="Learn">
      <p className="max-w-2xl">
        Seven lessons, each on the code that the node runs, in this page. Nothing that you do here reaches the
        chain.
      </p>
      <ol aria-label="Lessons" className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        {LESSONS.map((lesson, i) => (
          <LessonCard
            key={lesson.id}
            lesson={lesson}
            number={i + 1}
            progress={progress}
            isNext={lesson === next}
          />
        ))}
      </ol>
      <div className="grid gap-4 sm:gap-5 lg:grid-cols-2">
        <Panel title="Playgrounds">
          <ul className="space-y-2 text-sm">
            {TOOLS.map(({ id, name, summary }) => (
              <li key={id}>
                <Link to="/playground/$tool" params={{ tool: id }} className="link font-medium">
                  {name}
                </Link>
                <span className="block text-soft">{summary}</span>
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title="And then">
          <ul className="space-y-2 text-sm">
            <Further summary="Change any byte of a real block, and see which rule refuses it.">
              <Link to="/lab" className="link font-medium">
                Tamper lab
              </Link>
            </Further>
            <Further summary="A network of nodes with delays, breaks and liars, that repeats exactly.">
              <Link to="/simulator" className="link font-medium">
                Simulator
              </Link>
            </Further>
            <Further summary="Tutorial, guides, and every rule with its reason.">
              <a href="/docs" className="link font-medium">
                Documentation
              </a>
            </Further>
          </ul>
        </Panel>
      </div>
      {progress.size > 0 && (
        <p className="caption">
          Your browser keeps what you have done.{' '}
          <button type="button" className="link cursor-pointer" onClick={forgetProgress}>
            Forget it
          </button>
        </p>
      )}
    </Page>
  );
}

/** Where to go on, and what is there. */
function Further({ summary, children }: { readonly summary: string; readonly children: ReactNode }) {
  return (
    <li>
      {children}
      <span className="block text-soft">{summary}</span>
    </li>
  );
}

function LessonCard({
  lesson,
  number,
  progress,
  isNext,
}: {
  readonly lesson: ListedLesson;
  readonly number: number;
  readonly progress: Progress;
  readonly isNext: boolean;
}) {
  const done = countDone(lesson, progress);
  const isDone = done === lesson.steps.length;
  return (
    <li
      className={`panel relative flex flex-col gap-2 p-4 hover:border-accent ${isNext ? 'border-accent!' : ''}`}
    >
      <h2 className="flex items-center gap-3 font-semibold">
        <span
          aria-hidden
          className={`grid size-7 place-items-center rounded-full text-sm ${isDone ? 'bg-good-soft text-good' : 'bg-accent-soft text-accent'}`}
        >
          {isDone ? <Icon name="check" /> : number}
        </span>
        <Link to="/learn/$lesson" params={{ lesson: lesson.id }} className="after:absolute after:inset-0">
          {lesson.title}
        </Link>
      </h2>
      <p className="flex-1 text-sm text-soft">{lesson.summary}</p>
      <p className="caption flex items-center gap-3">
        <Meter part={done} whole={lesson.steps.length} />
        {done} of {lesson.steps.length} steps
      </p>
    </li>
  );
}
