import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { toHex } from '@calin/core/base/bytes.ts';
import { type SeededRandom, seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { type CheckedCopy, checkCopy } from './crash-check.testing.ts';
import type { CrashMessage, CrashRequest, ToldBlock } from './crash-messages.testing.ts';
import { CrashTraffic } from './crash-traffic.testing.ts';

const NODE = join(import.meta.dirname, 'crash-node.testing.ts');
/** After the node is open; long enough for a dozen blocks, and for a checkpoint now and then. */
const RUN_MS_MAX = 200;
/** After the process was started: a kill while it opens what the last kill left. */
const START_MS_MAX = 400;
/** For opening and the first payment, which take half a second. */
const WORK_MS_MAX = 60_000;
/** Requests that wait for an answer at a time. */
const IN_FLIGHT = 3;
/** A replay from genesis costs more and more, so it comes only every so many kills, and at the end. */
const REPLAY_EVERY = 20;

/** Choices for {@link runCrashes}. */
export interface CrashOptions {
  /** Where the store is; made anew. */
  readonly folder: string;
  readonly kills: number;
  readonly seed: number;
  progress?(kills: number, label: string): void;
}

/** What a run came to. */
export interface CrashReport {
  readonly kills: number;
  /** Of them, before the node was open. */
  readonly killsAtStart: number;
  readonly blocks: number;
  readonly transactions: number;
  /** Blocks that were on disk and not answered for yet when a kill came. */
  readonly unannounced: number;
  readonly replays: number;
}

/**
 * Starts a node, loads it, kills it at a random moment, and again; after every kill a copy of what is on disk must hold
 * all that the node had answered for, and the next node must open it without help, with the same head and state.
 *
 * @throws Error that says what was lost, or which valid transaction was refused
 */
export async function runCrashes({ folder, kills, seed, progress }: CrashOptions): Promise<CrashReport> {
  const run = new CrashRun(folder, seededRandom(seed));
  for (let kill = 1; kill <= kills; kill++) {
    await run.round(kill % REPLAY_EVERY === 0 || kill === kills);
    progress?.(kill, `height ${run.told.length}`);
  }
  return run.report();
}

class CrashRun {
  /** Every block that was answered for, by height from 1. */
  readonly told: ToldBlock[] = [];
  readonly #folder: string;
  readonly #random: SeededRandom;
  readonly #traffic: CrashTraffic;
  readonly #counts = { kills: 0, killsAtStart: 0, unannounced: 0, replays: 0 };
  /** What the copy after the last kill was; the next node must open the same. */
  #checked: CheckedCopy | undefined;
  #opened = false;
  #fault: string | undefined;

  constructor(folder: string, random: SeededRandom) {
    this.#folder = folder;
    this.#random = random;
    this.#traffic = new CrashTraffic(random);
  }

  /** One life of a node, and the check of what it left. */
  async round(replay: boolean): Promise<void> {
    const toldBefore = this.told.length;
    const atStart = this.#counts.kills > 0 && this.#random.oneIn(5);
    this.#opened = false;
    const child = spawn(process.execPath, [NODE, this.#folder, String(toldBefore)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    // Writing to a process that has just been killed fails, as it must.
    child.stdin.on('error', () => {});
    const closed = once(child, 'close');
    const { opened, worked } = this.#listen(child);
    if (atStart) {
      await sleep(this.#random.below(START_MS_MAX));
    } else {
      // Most lives get something done, however slow the machine is.
      const isShort = this.#counts.kills > 0 && this.#random.oneIn(4);
      await Promise.race([isShort ? opened : worked, closed, this.#patience()]);
      await sleep(this.#random.below(RUN_MS_MAX));
    }
    child.kill('SIGKILL');
    await closed;
    this.#counts.kills += 1;
    if (!this.#opened) this.#counts.killsAtStart += 1;
    if (!atStart && !this.#opened) this.#fault ??= 'the node ended before it was open';
    if (this.#fault !== undefined) throw new Error(this.#fault);
    // The last replay looks for every block again, the others for those of this round.
    this.#checked = await checkCopy(this.#folder, {
      told: replay ? this.told : this.told.slice(toldBefore),
      replay,
    });
    this.#counts.unannounced += this.#checked.height - this.told.length;
    if (replay) this.#counts.replays += 1;
  }

  /** A node that does nothing is a failure, not a wait without end. */
  async #patience(): Promise<void> {
    const life = this.#counts.kills;
    await sleep(WORK_MS_MAX, undefined, { ref: false });
    if (life === this.#counts.kills) this.#fault ??= `the node got nothing done in ${WORK_MS_MAX} ms`;
  }

  report(): CrashReport {
    const transactions = this.told.reduce((sum, { txids }) => sum + txids.length, 0);
    return { ...this.#counts, blocks: this.told.length, transactions };
  }

  /** Takes what the node says and gives it something to do; settles when it is open, and at its first payment. */
  #listen(child: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> }): {
    readonly opened: Promise<void>;
    readonly worked: Promise<void>;
  } {
    const opened = Promise.withResolvers<void>();
    const worked = Promise.withResolvers<void>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = parseMessage(line);
      if (message === undefined) return;
      this.#take(message);
      if (message.type === 'ready') {
        this.#opened = true;
        this.#begin(child);
        opened.resolve();
      } else if (message.type === 'submitted' || message.type === 'mined') {
        this.#ask(child);
      } else if (message.type === 'head' && message.block.txids.length > 0) {
        worked.resolve();
      }
    });
    return { opened: opened.promise, worked: worked.promise };
  }

  #take(message: CrashMessage): void {
    switch (message.type) {
      case 'ready':
        this.#takeReady(message);
        break;
      case 'head':
        this.#tell(message.block);
        break;
      case 'mined':
        for (const id of message.ids) {
          if (!this.told.some((block) => block.id === id)) this.#fault ??= `block ${id} came without news`;
        }
        break;
      case 'submitted':
        for (const verdict of message.verdicts) {
          if (!verdict.accepted) this.#fault ??= `a valid transaction was refused: ${verdict.refusal.rule}`;
        }
        break;
      case 'refused':
        this.#fault ??= `the node refused: ${message.rule} ${message.evidence}`;
        break;
    }
  }

  #takeReady({ height, stateRoot, blocks }: Extract<CrashMessage, { type: 'ready' }>): void {
    const expected = this.#checked ?? { height, stateRoot };
    if (height !== expected.height || stateRoot !== expected.stateRoot) {
      this.#fault ??= `the copy was at height ${expected.height}, the node opened at ${height}`;
    }
    for (const block of blocks) this.#tell(block);
  }

  #tell(block: ToldBlock): void {
    if (block.height !== this.told.length + 1) {
      this.#fault ??= `told of block ${block.height} after ${this.told.length}`;
    }
    this.told.push(block);
    this.#traffic.confirm(block.txids);
  }

  /** What the last kill may have lost comes first: it was accepted into a pool that was not on disk. */
  #begin(child: ChildProcess): void {
    const again = this.#traffic.unconfirmed();
    if (again.length > 0) {
      send(child, { kind: 'submit', transactions: again.map(({ bytes }) => toHex(bytes)) });
    }
    for (let i = again.length > 0 ? 1 : 0; i < IN_FLIGHT; i++) this.#ask(child);
  }

  #ask(child: ChildProcess): void {
    const transactions = this.#random.oneIn(6) ? [] : this.#traffic.next();
    if (transactions.length === 0) return send(child, { kind: 'mine', blocks: 1 + this.#random.below(2) });
    send(child, { kind: 'submit', transactions: transactions.map(({ bytes }) => toHex(bytes)) });
  }
}

function send(child: ChildProcess, request: CrashRequest): void {
  child.stdin?.write(`${JSON.stringify(request)}\n`);
}

/** Undefined for a last line that the kill has cut short: it was never said. */
function parseMessage(line: string): CrashMessage | undefined {
  try {
    return JSON.parse(line) as CrashMessage;
  } catch {
    return undefined;
  }
}
