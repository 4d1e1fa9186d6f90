import { toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import { boolean, choice, integer, nullable, object, string } from '../../base/schema.ts';
import { hashField, heightField, noParams, unitsField } from '../json/fields.ts';
import { defineQuery } from '../method.ts';

const headJson = object('The head of the best branch.', {
  id: hashField('Id of the block.'),
  height: heightField('Its height.'),
  timeMs: integer('Its header time, in milliseconds since 1970.'),
  stateRoot: hashField('Root of the state after it.'),
});

/** The node in numbers, and which chain it is on. */
export const nodeStatus = defineQuery({
  name: 'node_status',
  summary: 'Says which chain the node is on and how it is.',
  description:
    'Cheap enough to ask every second. life is boot while the node catches up, ready when it takes part, dying and dead when it stops. Amounts are in hugs: 10^8 are 1 CALIN.',
  params: noParams,
  result: object('The node in numbers.', {
    life: choice('State of its life.', ['genesis', 'boot', 'ready', 'dying', 'dead']),
    name: string('Name of the chain.'),
    chainId: hashField('Id of the genesis block; part of what every signature covers.'),
    addressPrefix: string('How addresses of the chain begin.'),
    dev: boolean('True on a development chain, where the dev_ methods work.'),
    head: headJson,
    final: object('The last block that can no longer be undone.', {
      id: hashField('Id of the block.'),
      height: heightField('Its height.'),
    }),
    weight: string('Weight of the best branch, a decimal number that may exceed 2^53.'),
    producing: boolean('True when this node makes blocks.'),
    mempool: object('What waits for a block.', {
      transactions: integer('How many.'),
      bytes: integer('Their bytes.'),
    }),
    supply: object('The native coin.', {
      issued: unitsField('Hugs that were ever made.'),
      burned: unitsField('Hugs that were ever destroyed.'),
    }),
    coins: integer('Coins in the state.'),
    storage: object('What is kept of blocks that are final; headers and the genesis block always are.', {
      mode: choice('What the node was told to keep.', ['full', 'pruned', 'archive']),
      blocksFrom: heightField('The lowest height above 0 of which the whole block is there.'),
      statesFrom: heightField('The lowest height after which the state can be proved.'),
      index: boolean('True when the node keeps the index of transactions and addresses.'),
    }),
    mining: nullable(
      object('What the node does for blocks that take work; null where they take none, or it makes none.', {
        hashesPerSecond: integer('Hashes tried in the last second.'),
        attempts: integer('Hashes tried since the node was started.'),
        blocks: integer('Blocks found since the node was started.'),
      }),
    ),
    finality: choice('What makes blocks final.', ['depth', 'votes', 'votes-each']),
    voting: nullable(
      object('The vote that is under way; null while there is none, and on a chain without votes.', {
        height: heightField('Of the block that is voted on.'),
        round: nullable(
          integer('The round of votes on each block, from 0 on; null of votes on checkpoints.'),
        ),
        heard: integer('Weight of the validators that were heard.'),
        quorum: integer('Weight that makes the block final: more than two thirds.'),
        sinceMs: integer('Since when votes are cast that made nothing final, in milliseconds since 1970.'),
      }),
    ),
    timeOffsetMs: integer(
      'Milliseconds that the node is ahead of its clock; negative behind. Other than 0 on development chains only.',
      Number.MIN_SAFE_INTEGER,
    ),
  }),
  errors: [],
  example: {},
  run(view) {
    const status = view.status();
    const { head, final, life, weight, producing, mempool, supply, coins, storage, timeOffsetMs, mining } =
      status;
    const { finality, voting } = status;
    const { name, addressPrefix, dev } = view.spec;
    const { height, timeMs, stateRoot } = head.header;
    return ok({
      life,
      name,
      chainId: toHex(view.chainId),
      addressPrefix,
      dev,
      head: { id: toHex(head.id), height, timeMs, stateRoot: toHex(stateRoot) },
      final: { id: toHex(final.id), height: final.height },
      weight,
      producing,
      mempool,
      supply,
      coins,
      storage,
      mining:
        mining === undefined ? null : { ...mining, hashesPerSecond: Math.round(mining.hashesPerSecond) },
      finality,
      voting: voting === undefined ? null : { ...voting, round: voting.round ?? null },
      timeOffsetMs,
    });
  },
});
