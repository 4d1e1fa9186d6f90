import { useReducer, useState } from 'react';

/** A world of a lesson, which changes in place. */
export interface LessonWorld<T> {
  readonly world: T;
  /** Says that it has changed, so that it is drawn again. */
  readonly changed: () => void;
  /** Begins anew. */
  readonly restart: () => void;
}

/** Keeps a world as long as a step is shown. */
export function useWorld<T>(create: () => T): LessonWorld<T> {
  const [world, setWorld] = useState(create);
  const [, changed] = useReducer((version: number) => version + 1, 0);
  return { world, changed, restart: () => setWorld(create) };
}
