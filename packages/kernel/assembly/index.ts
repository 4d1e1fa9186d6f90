export { foldChunkValues, foldMerkleTree, hashChunkValues, hashSpans } from './hasher.ts';
export { allocate } from './memory.ts';
