import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSign } from '../voting/mock-signatures.testing.ts';
import { type Checkpoint, type Link, type LinkCertificate, type LinkVote, linkMessage } from './link.ts';

/** The checkpoint at a height of branch `branch`; their ids are easy to tell apart. */
export function checkpoint(height: number, branch = 0): Checkpoint {
  const id = new Uint8Array(32).fill(branch);
  [id[0], id[1]] = [(height >>> 8) & 0xff, height & 0xff];
  return { height, id };
}

/** A link between two checkpoints of branch 0. */
export function linkOf(source: number, target: number, epoch = 0): Link {
  return { epoch, source: checkpoint(source), target: checkpoint(target) };
}

/** A vote with the signature of a member. */
export function linkVote(member: number, link: Link): LinkVote {
  return { ...link, member, signature: mockSign(mockKey(member), linkMessage(CHAIN_ID, link)) };
}

/** The certificate of some of four members. */
export function linkCertificate(members: readonly number[], link: Link): LinkCertificate {
  const signatures = members.map((member) => linkVote(member, link).signature);
  return { ...link, memberCount: 4, indices: members, signatures };
}
