import { Link, useParams } from '@tanstack/react-router';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { ACTIVITIES } from './activities.ts';
import type { Step } from './lesson.ts';
import { LESSONS, type ListedLesson, stepName } from './lessons.ts';
import { countDone } from './progress.ts';
import { StepPanel } from './step-panel.tsx';
import { finishStep, useProgress } from './use-progress.ts';

/** One lesson. */
export function LessonPage() {
  const { lesson: id } = useParams({ from: '/learn/$lesson' });
  const index = LESSONS.findIndex((lesson) => lesson.id === id);
  const lesson = LESSONS[index];
  if (lesson === undefined) {
    return (
      <Page title="No such lesson">
        <Notice title="There is no lesson of this name.">
          <Link to="/learn" className="link">
            All lessons
          </Link>
        </Notice>
      </Page>
    );
  }
  // The key makes each lesson begin with worlds of its own.
  return <Steps key={lesson.id} lesson={lesson} next={LESSONS[index + 1]} number={index + 1} />;
}

function Steps({
  lesson,
  next,
  number,
}: {
  readonly lesson: ListedLesson;
  readonly next: ListedLesson | undefined;
  readonly number: number;
}) {
  const progress = useProgress();
  const done = countDone(lesson, progress);
  return (
    <Page
      title={`${number}. ${lesson.title}`}
      tab={`${lesson.title}, lesson ${number}`}
      above={
        <p className="text-sm text-soft">
          {done} of {lesson.steps.length} steps done
        </p>
      }
    >
      <p className="max-w-2xl">{lesson.summary}</p>
      {lesson.steps.map((step: Step, i) => {
        const name = stepName(lesson, lesson.steps[i] ?? lesson.steps[0]);
        return (
          <StepPanel
            key={name}
            step={step}
            docs={lesson.docs}
            number={i + 1}
            isDone={progress.has(name)}
            activity={ACTIVITIES[name]}
            finish={() => finishStep(name)}
          />
        );
      })}
      <LessonEnd next={next} />
    </Page>
  );
}

function LessonEnd({ next }: { readonly next: ListedLesson | undefined }) {
  return (
    <nav aria-label="Lessons" className="flex flex-wrap items-center gap-2">
      <Link to="/learn" className="button">
        <Icon name="back" />
        All lessons
      </Link>
      {next !== undefined && (
        <Link to="/learn/$lesson" params={{ lesson: next.id }} className="button">
          Next: {next.title}
          <Icon name="forward" />
        </Link>
      )}
    </nav>
  );
}
