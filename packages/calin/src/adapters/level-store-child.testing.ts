import { writeSync } from 'node:fs';
import { mustOpen, numberedBatch, tipOf } from './level-store.testing.ts';

/**
 * A process of its own that commits numbered batches to the store in the folder it is given, several at a time, and
 * prints the number of each that was acknowledged, until it is killed or the disk refuses.
 */
const [folder] = process.argv.slice(2);
const BATCHES_MAX = 100_000;
const IN_FLIGHT = 3;

// A file size limit raises this signal; with a listener the write fails with EFBIG instead, as on a full disk.
process.on('SIGXFSZ', () => {});

const { store } = await mustOpen({ folder: folder ?? '' });
let next = tipOf(store) + 1;
const last = next + BATCHES_MAX;

function commitNext(): void {
  const n = next++;
  if (n > last) return;
  store.commit(numberedBatch(n), (failure) => {
    writeSync(1, failure === undefined ? `${n}\n` : `${failure.rule}\n`);
    if (failure === undefined) commitNext();
    else setImmediate(() => process.exit(1));
  });
}

for (let i = 0; i < IN_FLIGHT; i++) commitNext();
