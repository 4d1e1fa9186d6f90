import type { ComponentType } from 'react';

/** What a step gives to do; it calls `done` when that was done, any number of times. */
export type Activity = ComponentType<{ readonly done: () => void }>;
