export { compressPairs4, hashLanes4 } from './blake3.ts';
export { allocate } from './memory.ts';
