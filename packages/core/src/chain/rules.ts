import { defineRules } from '../base/rules.ts';

/** Refusals of blocks by their place in the chain. */
export const refuseChain = defineRules({
  'chain/parent-unknown': {
    message: 'The block before this one is not known here.',
    help: 'Send the blocks before it; this one is kept for a while and joins when they arrive.',
    retry: true,
  },
  'chain/behind-final': {
    message: 'The block competes with one that is final.',
    help: 'Follow the branch of the final block; a node that was offline for long must not build on its own.',
    banPoints: 10,
  },
  'chain/time-too-far': {
    message: 'The time of the block is too far in the future.',
    help: 'Send it again later; if it happens often, set the clock of the producer or of this node.',
    banPoints: 1,
    retry: true,
  },
  'chain/time-early': {
    message: 'The block is shown before its time.',
    help: 'Send it again when its time has come; if it happens often, set the clock of the producer or of this node.',
    retry: true,
  },
  'chain/height-not-next': {
    message: 'The height of the block is not one above that of its parent.',
    help: 'Number the blocks without gaps.',
    banPoints: 100,
  },
  'chain/validators-unknown': {
    message: 'The validators of that epoch are decided by a block that is not known here yet.',
    help: 'Send the blocks before it first, up to the height that the evidence expects; then send it again.',
    retry: true,
  },
  'chain/block-unknown': {
    message: 'The block is not among those that can still become final.',
    help: 'Name a block that was imported, and that descends from the last final one.',
    retry: true,
  },
  'chain/block-invalid': {
    message: 'The block was found invalid before.',
    help: 'Do not send it again; see the rule in the evidence.',
    banPoints: 100,
  },
  'chain/ancestor-invalid': {
    message: 'The block builds on an invalid one.',
    help: 'Build on the head of a valid branch; see the rule in the evidence.',
    banPoints: 100,
  },
  'chain/too-many-side-blocks': {
    message: 'As many side blocks as fit are kept already, and this one adds to none that could win.',
    help: 'Send the block again when its branch is heavier than those that are kept.',
    retry: true,
  },
  'chain/not-on-best-branch': {
    message: 'The block is not on the best branch.',
    help: 'Name a block of the best branch.',
  },
  'chain/prune-blocks': {
    message: 'So few blocks cannot be kept: some of them may still be undone.',
    help: 'Keep at least as many as the evidence expects.',
  },
  'chain/state-gone': {
    message: 'The state of that block is not kept any more.',
    help: 'Ask for a block from the expected height on, or ask a node in archive mode, which keeps all of them.',
  },
  'chain/state-far': {
    message: 'The state of that block lies far back and is being worked out.',
    help: 'Ask again for the same block: every request brings it nearer, as the height in the evidence shows.',
    retry: true,
  },
  'chain/state-too-far': {
    message: 'The state of that block lies further back than the memory set aside for old states reaches.',
    help: 'Ask for a block from the expected height on.',
  },
  'chain/snapshot-not-final': {
    message: 'The snapshot is not of a final block of the best branch that is known here.',
    help: 'Give a snapshot of a block that can no longer be undone.',
    banPoints: 20,
    retry: true,
  },
  'chain/cannot-join': {
    message: 'The chain has blocks of its own, so it cannot begin at a snapshot.',
    help: 'Join by a snapshot with an empty data folder, or go on block by block.',
  },
  'chain/join-needs-validators': {
    message:
      'A chain of this kind cannot begin at a snapshot: its headers alone do not show which block is final.',
    help: 'Start the node with --sync full.',
  },
  'chain/dev-only': {
    message: 'Blocks can be taken back at will on development networks only.',
    help: 'Use a network whose genesis file says "dev": true.',
  },
});

/** Refusals of what stands in the store: it was damaged, or it belongs to another chain or program. */
export const refuseData = defineRules({
  'data/format-version': {
    message: 'The data folder was written in another format.',
    help: 'Start the version of the program that wrote it, or sync into an empty folder.',
  },
  'data/other-chain': {
    message: 'The data folder belongs to another chain.',
    help: 'Give the genesis file the folder was made with, or another folder.',
  },
  'data/state-full': {
    message: 'There may be no memory for more coins.',
    help: 'Start the node again with more memories for coins (--coin-shards, see the evidence for how many coins there are), or on a machine with more memory; no block is at fault, and each may come again.',
    retry: true,
  },
  'data/pruned': {
    message: 'The block has been pruned here; its header is kept.',
    help: 'Ask for a block from the expected height on, or ask a node in full or archive mode.',
  },
  'data/blocks-pruned': {
    message: 'Blocks have been pruned from this store, so it cannot be a full or an archive one again.',
    help: 'Start it with --mode pruned, or sync into an empty folder in the mode you want.',
  },
  'data/undo-pruned': {
    message: 'Old undo records are not in this store any more, so it cannot become an archive.',
    help: 'Start it with --mode full, or sync into an empty folder with --mode archive.',
  },
  'data/missing-block': {
    message: 'A block that must be in the store is not there.',
    help: 'Restore the data folder from a backup, or sync into an empty one.',
  },
  'data/corrupt-block': {
    message: 'A stored block is not the one that was stored, or does not lead to the state its header names.',
    help: 'Check the disk; then restore the data folder from a backup, or sync into an empty one.',
  },
  'data/corrupt-record': {
    message: 'A record of the store is missing, damaged, or contradicts the others.',
    help: 'Check the disk; then restore the data folder from a backup, or sync into an empty one.',
  },
  'data/corrupt-undo': {
    message: 'The record that takes a block back is missing or damaged, so the chain cannot be reorganised.',
    help: 'Check the disk; then restore the data folder from a backup, or sync into an empty one.',
  },
});
