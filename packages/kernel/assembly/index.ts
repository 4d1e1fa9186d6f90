export {
  coinsBuckets,
  coinsCount,
  coinsFind,
  coinsHash,
  coinsHead,
  coinsInit,
  coinsReserve,
  coinsRoot,
  coinsScan,
  coinsUpdate,
} from './coins.ts';
export { foldChunkValues, foldMerkleTree, hashChunkValues, hashSpans } from './hasher.ts';
export { allocate } from './memory.ts';
