import { WorkerKeeper } from './keeper-jobs.ts';
import { IndexedStore } from './sealed-store.ts';
import { type SessionNews, WalletSession } from './wallet-session.ts';

/** What the tabs of one browser tell each other; no secret passes here. */
type TabNews = SessionNews | 'alive';

const CHANNEL = 'calin-wallet';
/** Other tabs are told at most this often that somebody is there. */
const ALIVE_MS = 5000;
const LOCK_KEY = 'calin-wallet-lock-minutes';
const LOCK_MINUTES = 10;
/** Choices for {@link readLockMinutes}. */
export const LOCK_CHOICES = [1, 5, 10, 30, 60] as const;
/** How often it is looked whether it is time to lock: machines sleep, so one long timer would not do. */
const LOOK_MS = 1000;
/** What a person does who is there. */
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** A session, and how far the search for accounts of a phrase has come. */
export interface BrowserSession {
  readonly session: WalletSession;
  /** Tells of the search; the answer ends it. */
  onProgress(listener: (looked: number, used: number) => void): () => void;
}

const sessions = new Map<string, BrowserSession>();

/** The one session of a network in this tab; reading what is kept begins with the first call. */
export function sessionOf(addressPrefix: string): BrowserSession {
  const known = sessions.get(addressPrefix);
  if (known !== undefined) return known;
  const listeners = new Set<(looked: number, used: number) => void>();
  const channel = new BroadcastChannel(`${CHANNEL}-${addressPrefix}`);
  const keeper = new WorkerKeeper(
    () => new Worker(new URL('./keeper-worker.ts', import.meta.url), { type: 'module' }),
    ({ looked, used }) => {
      for (const listener of listeners) listener(looked, used);
    },
  );
  const session = new WalletSession({
    store: new IndexedStore(addressPrefix),
    keeper,
    tell: (news) => channel.postMessage(news),
  });
  const watch = lockWhenLeft(session, () => channel.postMessage('alive'));
  channel.addEventListener('message', ({ data }: MessageEvent<TabNews>) => {
    if (data === 'alive') watch.alive();
    else session.hear(data);
  });
  session.subscribe(() => session.state.kind === 'open' && keepForGood());
  void session.read();
  const made: BrowserSession = {
    session,
    onProgress: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  sessions.set(addressPrefix, made);
  return made;
}

/** Asks the browser not to drop what is kept when it needs room; what it says changes nothing here. */
function keepForGood(): void {
  void navigator.storage?.persist?.().catch(() => false);
}

/** Minutes without a sign of life after which the wallet locks itself. */
export function readLockMinutes(): number {
  try {
    const saved = Number(localStorage.getItem(LOCK_KEY));
    return LOCK_CHOICES.find((choice) => choice === saved) ?? LOCK_MINUTES;
  } catch {
    return LOCK_MINUTES;
  }
}

/** Remembers a choice; false where the browser keeps nothing. */
export function saveLockMinutes(minutes: number): boolean {
  try {
    localStorage.setItem(LOCK_KEY, String(minutes));
    return true;
  } catch {
    return false;
  }
}

/** Locks a session when nobody was there for long, in this tab or in another one. */
function lockWhenLeft(session: WalletSession, tell: () => void): { alive(): void } {
  let lastMs = Date.now();
  let toldMs = 0;
  const alive = () => {
    lastMs = Date.now();
  };
  const sign = () => {
    alive();
    if (lastMs - toldMs < ALIVE_MS) return;
    toldMs = lastMs;
    tell();
  };
  for (const kind of SIGNS_OF_LIFE) addEventListener(kind, sign, { capture: true, passive: true });
  const look = () => {
    if (session.state.kind !== 'open') alive();
    else if (Date.now() - lastMs >= readLockMinutes() * 60_000) session.lock();
  };
  setInterval(look, LOOK_MS);
  // Timers of tabs in the background run late.
  document.addEventListener('visibilitychange', look);
  return { alive };
}
