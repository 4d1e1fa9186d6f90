/**
 * The visible life of a node: `genesis` (makes or loads the first block), `boot` (is behind, reads or downloads
 * blocks), `ready` (follows the head and may produce), `dying` (finishes what it promised, takes nothing new),
 * `dead` (ports closed).
 */
export type LifeState = 'genesis' | 'boot' | 'ready' | 'dying' | 'dead';

/** What moves a node from one state to the next. */
export type LifeEvent =
  | 'genesis-loaded'
  | 'caught-up'
  | 'fell-behind'
  /** No genesis, or no quorum of peers, for longer than the configured time. */
  | 'alone-too-long'
  | 'stop-asked'
  /** A port failed for good: a full disk, a corrupt store. */
  | 'port-failed'
  | 'all-done';

const NEXT: Readonly<Record<LifeState, Partial<Record<LifeEvent, LifeState>>>> = {
  genesis: {
    'genesis-loaded': 'boot',
    'alone-too-long': 'dying',
    'stop-asked': 'dying',
    'port-failed': 'dying',
  },
  boot: { 'caught-up': 'ready', 'alone-too-long': 'dying', 'stop-asked': 'dying', 'port-failed': 'dying' },
  ready: { 'fell-behind': 'boot', 'alone-too-long': 'dying', 'stop-asked': 'dying', 'port-failed': 'dying' },
  dying: { 'all-done': 'dead' },
  dead: {},
};

/** The state after an event; the same state when the event means nothing there. */
export function nextLife(state: LifeState, event: LifeEvent): LifeState {
  return NEXT[state][event] ?? state;
}

/** True while the node takes requests that change something. */
export function isAlive(state: LifeState): boolean {
  return state === 'boot' || state === 'ready';
}
