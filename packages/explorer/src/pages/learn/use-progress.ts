import { useSyncExternalStore } from 'react';
import type { StepName } from './lessons.ts';
import { formatProgress, type Progress, parseProgress } from './progress.ts';

const KEY = 'calin-lessons';
const listeners = new Set<() => void>();
let progress: Progress | undefined;

/** The steps that were done in this browser; where it keeps nothing, those since the page was opened. */
export function useProgress(): Progress {
  return useSyncExternalStore(subscribe, readProgress);
}

/** Notes that a step is done. */
export function finishStep(name: StepName): void {
  const before = readProgress();
  if (!before.has(name)) keep(new Set([...before, name]));
}

/** Forgets all that was done. */
export function forgetProgress(): void {
  keep(new Set());
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

function readProgress(): Progress {
  progress ??= parseProgress(readSaved());
  return progress;
}

function readSaved(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(next: Progress): void {
  progress = next;
  try {
    localStorage.setItem(KEY, formatProgress(next));
  } catch {
    // A browser that keeps nothing still knows it until the page is left.
  }
  for (const changed of listeners) changed();
}
