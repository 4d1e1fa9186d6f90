import { Icon } from './icon.tsx';

/** The way through pages that name the next one by a cursor. */
export function CursorButtons({
  cursors,
  next,
  go,
}: {
  /** Those that led to the page that is shown; none on the first. */
  readonly cursors: readonly string[];
  readonly next: string | null;
  readonly go: (cursors: readonly string[]) => void;
}) {
  if (cursors.length === 0 && next === null) return null;
  return (
    <div className="flex justify-between gap-3 px-4 pt-2 pb-4 sm:px-5">
      <button
        type="button"
        className="button"
        disabled={cursors.length === 0}
        onClick={() => go(cursors.slice(0, -1))}
      >
        <Icon name="back" /> Back
      </button>
      <button
        type="button"
        className="button"
        disabled={next === null}
        onClick={() => next !== null && go([...cursors, next])}
      >
        More <Icon name="forward" />
      </button>
    </div>
  );
}
