import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

const MAGIC = 0x314c_4143; // "CAL1"
const SLOT_BYTES = 16;
/** Two slots in two sectors, so that a torn write spoils one of them only. */
const SLOT_STRIDE_BYTES = 512;
const SYNC_INTERVAL_MS = 1000;

/** The name of the witness in a store's folder. LevelDB leaves files alone whose names are not its own. */
const WITNESS_FILE = 'witness';

/**
 * Remembers outside the database which commit was last acknowledged, so that a store whose newest part has
 * vanished is noticed: LevelDB takes a damaged end of its log for a torn write and drops it in silence.
 *
 * It is written after the commit is on disk and before it is acknowledged, in place and without waiting for the
 * disk (about 5 µs). So it is exact after the process is killed, and at most {@link SYNC_INTERVAL_MS} behind after a
 * power cut; it never claims a commit that is not on disk.
 */
export class Witness {
  readonly #file: number;
  #slot = 0;
  #syncedAtMs = 0;
  /** Settles when no lazy sync is under way. */
  #lazySync: Promise<void> | undefined;

  constructor(folder: string) {
    const path = join(folder, WITNESS_FILE);
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /**
   * Notes that all commits up to this one are on disk.
   *
   * @throws the system's error when the disk refuses
   */
  write(commit: number): void {
    const slot = Buffer.alloc(SLOT_BYTES);
    slot.writeUInt32LE(MAGIC, 0);
    slot.writeUInt32LE(commit % 2 ** 32, 4);
    slot.writeUInt32LE(Math.floor(commit / 2 ** 32), 8);
    slot.writeUInt32LE(crc32(slot.subarray(0, 12)), 12);
    writeSync(this.#file, slot, 0, SLOT_BYTES, this.#slot * SLOT_STRIDE_BYTES);
    this.#slot = 1 - this.#slot;
  }

  /** Asks the disk to keep the witness, at most once per {@link SYNC_INTERVAL_MS}; does not wait. */
  syncLazily(): void {
    const nowMs = performance.now();
    if (this.#lazySync !== undefined || nowMs - this.#syncedAtMs < SYNC_INTERVAL_MS) return;
    this.#syncedAtMs = nowMs;
    const settled = () => {
      this.#lazySync = undefined;
    };
    // A failure here costs nothing but the lag: the commits themselves are synced by their own writes.
    this.#lazySync = this.sync().then(settled, settled);
  }

  /** Waits until the last commit that was noted is on disk. */
  async sync(): Promise<void> {
    await promisify(fdatasync)(this.#file);
  }

  /** As {@link sync}, blocking; for opening a store. */
  syncNow(): void {
    fdatasyncSync(this.#file);
  }

  /** Syncs and closes the file. */
  async close(): Promise<void> {
    await this.#lazySync;
    await this.sync();
    closeSync(this.#file);
  }
}

/**
 * Makes the witness of a new store, or sets that of an old one; returns when it is on disk. Both slots get the
 * commit, so that damage to one of them costs nothing.
 */
export function createWitness(folder: string, commit: number): Witness {
  const witness = new Witness(folder);
  witness.write(commit);
  witness.write(commit);
  witness.syncNow();
  const directory = openSync(folder, constants.O_RDONLY);
  fsyncSync(directory);
  closeSync(directory);
  return witness;
}

/**
 * The commit that a store had acknowledged: the higher of the whole slots, 'missing' without a file, 'damaged' when
 * no slot is whole.
 */
export function readWitness(folder: string): number | 'missing' | 'damaged' {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(folder, WITNESS_FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
  const commits = [0, 1].map((slot) => readSlot(bytes.subarray(slot * SLOT_STRIDE_BYTES)));
  const commit = Math.max(...commits);
  return commit < 0 ? 'damaged' : commit;
}

function readSlot(bytes: Buffer): number {
  if (bytes.length < SLOT_BYTES || bytes.readUInt32LE(0) !== MAGIC) return -1;
  if (bytes.readUInt32LE(12) !== crc32(bytes.subarray(0, 12))) return -1;
  return bytes.readUInt32LE(4) + bytes.readUInt32LE(8) * 2 ** 32;
}
