import { StudyKeys } from '../study-keys.ts';
import type { StudyNodeOptions, StudyProtocol, StudyRunParts, StudySize } from '../study-protocol.ts';
import { LyingNode } from './lying-node.ts';
import { PbftAccuser } from './pbft-accuser.ts';
import { describePbft, type PbftBody, type PbftMessage, pbftBytes, textOfBody } from './pbft-messages.ts';
import { PbftNode } from './pbft-node.ts';
import { CHECKPOINT_INTERVAL, primaryOf } from './proofs.ts';
import { faultyMax } from './quorum.ts';
import type { PbftRecord } from './replica.ts';

/** Times for messages of 10 ms: a request takes five of them. */
const TIMEOUT_MS = 400;
const STATUS_MS = 250;

/** PBFT: fewer than a third of the replicas lie, and no more than that is assumed for safety. */
export const pbft: StudyProtocol<PbftMessage, PbftRecord> = {
  name: 'pbft',
  summary: 'PBFT: three phases and changes of view; fewer than a third of the replicas may do anything.',
  nodes: 4,
  nodesMin: 4,
  liarsMax: faultyMax,
  liarKinds: ['twins', 'silent', 'forgets', 'invents'],
  // Who has wished for a view that nobody else wants executes nothing; checkpoints bring it after.
  lagMax: 2 * CHECKPOINT_INTERVAL,
  isAccountable: true,
  setUp,
};

function setUp(size: StudySize, seed: Uint8Array): StudyRunParts<PbftMessage, PbftRecord> {
  const { nodes, clients } = size;
  const keys = new StudyKeys<PbftBody>(seed, nodes + clients, textOfBody);
  const createNode = ({ index }: StudyNodeOptions) => {
    const sign = keys.signerOf(index);
    return new PbftNode({ index, ...size, timeoutMs: TIMEOUT_MS, statusMs: STATUS_MS, keys, sign });
  };
  return {
    createNode,
    createLiar: (kind, options) => {
      const { index } = options;
      const lies = { index, invents: kind === 'invents', sign: keys.signerOf(index) };
      return new LyingNode(createNode(options), lies);
    },
    wrapRequest: (request) => {
      const signed = keys.signerOf(request.client)({ kind: 'request', request } as const);
      return { kind: 'request', signed };
    },
    readAnswer: (message) =>
      message.kind === 'answer'
        ? { number: message.number, leader: primaryOf(message.view, nodes) }
        : undefined,
    answersNeeded: faultyMax(nodes) + 1,
    kindOf: ({ kind }) => kind,
    bytesOf: pbftBytes,
    describe: describePbft,
    accuser: new PbftAccuser({ nodes, keys }),
  };
}
