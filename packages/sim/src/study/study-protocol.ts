import type { Dice } from '../dice.ts';
import type { StudyNode, StudyRequest } from './study-node.ts';

/**
 * How a node breaks the rules. `twins` are two nodes with one identity, each of which talks to half of the others (the
 * way to say two things at once); `silent` says nothing; `forgets` claims in a change of view that nothing was
 * prepared; `invents` does that, and as the new leader proposes nothing in the place of what was prepared.
 */
export type LiarKind = 'twins' | 'silent' | 'forgets' | 'invents';

/** What a client learns from a node's answer. */
export interface StudyAnswer {
  /** The number of the request that was executed; undefined when it was only told who leads. */
  readonly number: number | undefined;
  /** Who leads, as far as the node knows. */
  readonly leader: number | undefined;
}

/** Sizes of a cluster: nodes have the numbers from 0 on, clients those after them. */
export interface StudySize {
  readonly nodes: number;
  readonly clients: number;
}

/** What one machine of a protocol is made with. */
export interface StudyNodeOptions extends StudySize {
  readonly index: number;
  /** Dice of this machine alone. */
  readonly dice: Dice;
  /** One that wants to lead, and waits for nobody. */
  readonly isEager: boolean;
}

/** A protocol set up for one run. */
export interface StudyRunParts<M, R> {
  /** A node that follows the rules; twins are two of them. */
  createNode(options: StudyNodeOptions): StudyNode<M, R>;
  /** A node that breaks them, unless that takes no node. */
  createLiar(kind: 'forgets' | 'invents', options: StudyNodeOptions): StudyNode<M, R>;
  /** What a client sends to have a request executed. */
  wrapRequest(request: StudyRequest): M;
  /** Reads an answer to a client; undefined of any other message. */
  readAnswer(message: M): StudyAnswer | undefined;
  /** Nodes that have to give the same answer before a client believes it. */
  readonly answersNeeded: number;
  kindOf(message: M): string;
  bytesOf(message: M): number;
  /** A few words about a message, for pictures. */
  describe(message: M): string;
  readonly accuser: Accuser<M>;
}

/** Listens to what honest machines receive, and says who has contradicted himself. */
export interface Accuser<M> {
  heard(from: number, message: M): void;
  /** What each guilty node did, by its number. */
  readonly guilty: ReadonlyMap<number, string>;
}

/** What a protocol says of itself. */
export interface StudyProtocol<M, R> {
  /** As on the command line. */
  readonly name: string;
  readonly summary: string;
  /** Nodes unless told otherwise, and the fewest with which it makes sense. */
  readonly nodes: number;
  readonly nodesMin: number;
  /** Nodes that may break the rules, of so many. */
  liarsMax(nodes: number): number;
  /** The ways to do so that mean something here. */
  readonly liarKinds: readonly LiarKind[];
  /** Entries that an honest node may be behind when all is quiet again. */
  readonly lagMax: number;
  /** True when a break of agreement must name more than {@link liarsMax} guilty ones. */
  readonly isAccountable: boolean;
  setUp(size: StudySize, seed: Uint8Array): StudyRunParts<M, R>;
}
