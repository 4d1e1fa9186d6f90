import type { NodeStatus } from '../node/shapes.ts';

const PRODUCTIONS: Readonly<Record<string, string>> = {
  poa: 'Listed authorities make blocks in turn.',
  pow: 'Anybody makes blocks by work: who finds a hash below the target is next.',
  pos: 'Stake wins slots by a lottery that everybody can check.',
  dpos: 'Delegates, whom stake elects, make blocks in turn.',
  leader: 'A leader proposes each block, and the next one does when it is silent.',
};

const FINALITIES: Readonly<Record<NodeStatus['finality'], string>> = {
  depth: 'A block is final when enough others follow it.',
  votes: 'Two thirds of the weight vote on checkpoints, which makes all before them final.',
  'votes-each': 'Two thirds of the weight sign each block, which is final at once.',
};

/** How a chain agrees, in two sentences. */
export function explainConsensus(production: string, finality: NodeStatus['finality']): string {
  return `${PRODUCTIONS[production] ?? ''} ${FINALITIES[finality]}`.trim();
}
