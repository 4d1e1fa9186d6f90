import { defineRules } from '../base/rules.ts';

/** Refusals of proofs about the state and of snapshots of it. */
export const refuseState = defineRules({
  'state/proof-shape': {
    message: 'The proof has a shape that no tree gives: a wrong length, too deep, or an empty last sibling.',
    help: 'Ask for the proof again; it is made for one key and one root.',
    banPoints: 50,
  },
  'state/proof-path': {
    message: 'The proof ends in the leaf of another key that does not lie on the path of the asked key.',
    help: 'Ask for the proof of exactly this key.',
    banPoints: 50,
  },
  'state/proof-map': {
    message: 'The proof speaks about the other map of the state.',
    help: 'Coins are proved in the coins map, everything else in the storage map.',
    banPoints: 50,
  },
  'state/proof-root': {
    message: 'The proof does not lead to the state root.',
    help: 'Compare with the header of the block that the proof was made for; a proof is only good for one state.',
    banPoints: 50,
  },
  'state/full': {
    message: 'There is no memory for more coins.',
    help: 'Start the node with more memories for coins (--coin-shards), or on a machine with more memory.',
    retry: true,
  },
  'state/snapshot-version': {
    message: 'The snapshot has a version that this program does not know.',
    help: 'Use a newer version of the program.',
  },
  'state/snapshot-cut': {
    message: 'The pieces of the snapshot are not cut along the tree as the format says.',
    help: 'Take the snapshot from another source; the same state is always cut in the same way.',
    banPoints: 100,
  },
  'state/snapshot-chunk-hash': {
    message: 'The chunk is not the one that the manifest names at this place.',
    help: 'Give the chunks whole and in order; take a damaged one from another source.',
    banPoints: 50,
    retry: true,
  },
  'state/snapshot-chunk-size': {
    message: 'The chunk is the right one, but has another size than the outline of the snapshot says.',
    help: 'Take the outline from another source; the chunk is not at fault.',
    banPoints: 100,
  },
  'state/snapshot-chunk-extra': {
    message: 'There are more chunks than the manifest names.',
    help: 'Stop after the last chunk.',
    banPoints: 20,
  },
  'state/snapshot-canonical': {
    message: 'The entries are out of order, repeated, or not in the piece they belong to.',
    help: 'Make the snapshot again; the same state always gives the same chunks.',
    banPoints: 100,
  },
  'state/snapshot-incomplete': {
    message: 'Chunks of the snapshot are missing.',
    help: 'Add the remaining chunks before finishing.',
    retry: true,
  },
  'state/snapshot-count': {
    message: 'The snapshot holds another number of entries than its manifest says.',
    help: 'Take the snapshot from another source.',
    banPoints: 100,
  },
  'state/snapshot-root': {
    message: 'The entries of the snapshot do not give the state root of its manifest.',
    help: 'Take the snapshot from another source.',
    banPoints: 100,
  },
});
