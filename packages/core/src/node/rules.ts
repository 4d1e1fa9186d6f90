import { defineRules } from '../base/rules.ts';

/** Refusals of the node itself, not of what it was given. */
export const refuseNode = defineRules({
  'node/busy': {
    message: 'The node has as much work waiting as it takes.',
    help: 'Send fewer requests at a time and try again.',
    retry: true,
  },
  'node/not-alive': {
    message: 'The node is stopping or has stopped.',
    help: 'Wait for it to start again.',
    retry: true,
  },
  'node/dev-only': {
    message: 'This works on development networks only.',
    help: 'Use `calin dev`, or a genesis file with "dev": true.',
  },
  'node/cannot-produce': {
    message: 'This node does not make blocks.',
    help: 'Start it with the key of an authority.',
  },
  'node/not-sealed': {
    message: 'The signer did not seal the block.',
    help: 'Check that the signer holds the key the node was configured with.',
  },
  'node/votes-ask': {
    message:
      'Blocks of this chain are made when the votes of its validators ask for them, one after the other.',
    help: 'Wait for the next block; nobody can order one.',
  },
  'node/time-goes-back': {
    message: 'The time would be before the head of the chain.',
    help: 'Set a later time, or revert to an earlier block first.',
  },
  'node/unknown-snapshot': {
    message: 'No such snapshot, or its block is gone.',
    help: 'Take one with dev_snapshot; it ends when the chain is reverted before it.',
  },
  'node/reorg-depth': {
    message: 'That many blocks cannot be replaced.',
    help: 'Only blocks that are not final can be; see the finality of the chain.',
  },
  'node/no-network': {
    message: 'This node has no network.',
    help: 'Start it with "calin node", and without --no-network.',
  },
  'node/no-index': {
    message: 'This node keeps no index of transactions and addresses.',
    help: 'Start it once with --index on, which catches up what is missing, or ask another node.',
  },
  'node/too-many-coins': {
    message: 'The address has more coins than are added up at once.',
    help: 'List its coins page by page.',
  },
  'node/page-gone': {
    message: 'The coin after which the list should go on was spent meanwhile.',
    help: 'Read the list again from its beginning.',
    retry: true,
  },
  'node/no-state': {
    message: 'The state of that block is not known here.',
    help: 'Ask for a block of the best branch; see blocks and states that are kept in node_status.',
  },
  'node/unknown-namespace': {
    message: 'No such part of the storage.',
    help: 'See the namespaces in docs/reference/state.md.',
  },
  'node/store-failed': {
    message: 'The store failed, and the node stopped rather than answer for what is not on disk.',
    help: 'Free space or repair the disk, then start the node again; nothing that was answered is lost.',
    retry: true,
  },
});
