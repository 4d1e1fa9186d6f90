import {
  coinsBuckets,
  coinsCount,
  coinsFind,
  coinsHash,
  coinsHead,
  coinsInit,
  coinsRefresh,
  coinsReserve,
  coinsRoot,
  coinsScan,
  coinsUpdate,
} from './coins.ts';
import { foldChunkValues, foldMerkleTree, hashChunkValues, hashSpans } from './hasher.ts';
import { allocate } from './memory.ts';
import { searchNonce } from './work.ts';

// Not `export … from`: for the compiler that names another module than `import` does, with variables of its own.
export {
  allocate,
  coinsBuckets,
  coinsCount,
  coinsFind,
  coinsHash,
  coinsHead,
  coinsInit,
  coinsRefresh,
  coinsReserve,
  coinsRoot,
  coinsScan,
  coinsUpdate,
  foldChunkValues,
  foldMerkleTree,
  hashChunkValues,
  hashSpans,
  searchNonce,
};
