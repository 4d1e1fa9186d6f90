import { useId } from 'react';

/** A place for files: to be chosen, or dropped on, which browsers do with such a field by themselves. */
export function FileDrop({
  label,
  accept,
  isMultiple = false,
  take,
}: {
  readonly label: string;
  /** Kinds of files, as an input takes them. */
  readonly accept: string;
  readonly isMultiple?: boolean;
  readonly take: (files: readonly File[]) => Promise<void>;
}) {
  const id = useId();
  return (
    <div className="space-y-1 text-sm">
      <label htmlFor={id} className="block text-soft">
        {label}, chosen or dropped here
      </label>
      <input
        id={id}
        type="file"
        accept={accept}
        multiple={isMultiple}
        onChange={({ target }) => {
          void take([...(target.files ?? [])]);
          // The same file may be chosen again after it was changed.
          target.value = '';
        }}
        className="w-full min-w-0 cursor-pointer rounded-xl border border-line border-dashed bg-surface px-4 py-4 text-soft text-sm hover:border-accent file:mr-3 file:cursor-pointer file:rounded-lg file:border file:border-line file:bg-surface file:px-3 file:py-1.5 file:text-ink"
      />
    </div>
  );
}
