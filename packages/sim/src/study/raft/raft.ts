import { assert } from '@calin/core/base/assert.ts';
import type { StudyNodeOptions, StudyProtocol, StudyRunParts } from '../study-protocol.ts';
import { RaftAccuser } from './raft-accuser.ts';
import { describeRaft, type RaftMessage, type RaftRecord, raftBytes, raftKind } from './raft-messages.ts';
import { RaftNode } from './raft-node.ts';

/** Times of section 9.3, for messages of 10 ms; one that wants to lead waits for nobody. */
const ELECTION_MS_MIN = 150;
const ELECTION_MS_MAX = 300;
const EAGER_MS_MIN = 40;
const EAGER_MS_MAX = 60;
const HEARTBEAT_MS = 50;

/** Raft: machines crash and come back, and none of them lies. */
export const raft: StudyProtocol<RaftMessage, RaftRecord> = {
  name: 'raft',
  summary: 'Raft: a leader with a majority; machines crash and come back, and none of them may lie.',
  nodes: 5,
  nodesMin: 3,
  liarsMax: () => 0,
  liarKinds: ['twins'],
  lagMax: 0,
  isAccountable: false,
  setUp: ({ nodes, clients }): StudyRunParts<RaftMessage, RaftRecord> => ({
    createNode: ({ index, dice, isEager }: StudyNodeOptions) =>
      new RaftNode({
        index,
        nodes,
        clients,
        dice,
        electionMsMin: isEager ? EAGER_MS_MIN : ELECTION_MS_MIN,
        electionMsMax: isEager ? EAGER_MS_MAX : ELECTION_MS_MAX,
        heartbeatMs: HEARTBEAT_MS,
      }),
    createLiar: (kind) => assert(false, `nobody ${kind} here`) as never,
    wrapRequest: (request) => ({ kind: 'request', request }),
    readAnswer: (message) => (message.kind === 'answer' ? message : undefined),
    answersNeeded: 1,
    kindOf: raftKind,
    bytesOf: raftBytes,
    describe: describeRaft,
    accuser: new RaftAccuser(),
  }),
};
