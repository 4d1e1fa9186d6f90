import { BLOCK_BYTES_MAX } from '@calin/core/primitives/limits.ts';

const KIB = 2 ** 10;
const MIB = 2 ** 20;

/** One frame of the bulk lane: the largest block with what a message says around it. */
export const BULK_FRAME_BYTES_MAX = BLOCK_BYTES_MAX + KIB;

/** One frame of the urgent lane; a larger message takes the bulk lane, whatever was asked for. */
export const URGENT_FRAME_BYTES_MAX = MIB;

/**
 * Bytes that may wait for one peer, of both lanes, behind the frame that is being sent: a peer that is sent a block of
 * the largest size is told other things meanwhile. One frame may go beyond it. A peer that reads more slowly than we
 * have to tell it is closed.
 */
export const QUEUE_BYTES_MAX = 32 * MIB;

/** Frames that may wait for one peer: small ones cost more memory than their bytes. */
export const QUEUE_FRAMES_MAX = 65_536;

/** What a lane hands to its stream at once, so that the other lane gets a turn in between. */
export const PIECE_BYTES = 64 * KIB;

/** Memory for frames that are not whole yet, of all peers; past it the oldest of them costs its peer the link. */
export const UNFINISHED_BYTES_MAX = 256 * MIB;

/** Time for a frame from its first byte to its last: 32 MiB in it is half a megabyte a second. */
export const FRAME_MS_MAX = 60_000;

/**
 * Time after which a link that has brought part of a frame, and no whole one, ends by rule. The first frame is a hello,
 * which comes in one piece; whoever begins another one did so on purpose, and is banned when it does so again.
 */
export const FRAME_STALLED_MS = 3_000;

/** Time for a dial, both lanes opened; the port promises an answer within ten seconds. */
export const DIAL_MS_MAX = 9_500;

/** Dials at a time. */
export const DIALS_MAX = 64;

/** Time for a stranger to open its second lane. */
export const HALF_OPEN_MS_MAX = 10_000;

/** Peers with one lane at a time. */
export const HALF_OPEN_MAX = 64;

/** Links at a time: those that the protocol keeps at most, and room for those that it is about to close. */
export const LINKS_MAX = 160;

/** Connections at a time; those without a link serve discovery, relaying and reachability. */
export const CONNECTIONS_MAX = 300;

/** Of these, how many of strangers may be without a link: enough for discovery, relaying and links about to begin. */
export const IDLE_CONNECTIONS_MAX = 80;

/**
 * New connections a second from one address; more are refused before any cryptography, which takes milliseconds for
 * each. The nodes of a local network share one address, so it is more than two.
 */
export const CONNECTIONS_A_SECOND_MAX = 10;

/** Closes in a row, none {@link UNWELCOME_MS} after the one before, until a peer is turned away. */
export const CLOSES_MAX = 3;

/** How long a peer that is turned away has to keep quiet. */
export const UNWELCOME_MS = 60_000;

/** Peers whose closes are remembered. */
export const UNWELCOME_PEERS_MAX = 1024;

/** Connections that are being set up by strangers at a time. */
export const PENDING_CONNECTIONS_MAX = 64;

/** A link that follows another sooner was dialled from both ends at once; later, a peer has lost the first one. */
export const CROSSED_DIAL_MS = 15_000;

/** Time for what waits to be sent when a link is closed. */
export const CLOSE_MS_MAX = 1000;

/** Characters of an address. */
export const ADDRESS_CHARACTERS_MAX = 256;

/** Addresses told of one peer that was discovered. */
export const ADDRESSES_PER_PEER_MAX = 4;

/** Addresses of this node that are told. */
export const OWN_ADDRESSES_MAX = 8;

/** Addresses that were told lately and are not told again. */
export const TOLD_ADDRESSES_MAX = 1024;

/** An address is told again after this, and the bootstrap list as long as there is no link. */
export const TELL_AGAIN_MS = 600_000;

/** How often the bootstrap list is told while there is no link. */
export const BOOTSTRAP_INTERVAL_MS = 30_000;

/** Peers that libp2p may remember; strangers name as many as they like. */
export const KNOWN_PEERS_MAX = 2048;

/** How often what is bounded by time is looked at. */
export const SWEEP_INTERVAL_MS = 5000;

/** Time to reach a relay that the owner has named, and to hear whether it is one. */
export const NAMED_RELAY_MS_MAX = 5000;

/** Sweeps between two questions to a relay that is away, at most: a minute. */
export const NAMED_RELAY_SWEEPS_MAX = 12;

/** How often the peers that libp2p remembers are counted. */
export const TRIM_INTERVAL_MS = 60_000;

/**
 * Dials at a time that others have asked for, so that AutoNAT may know whether they can be reached. Strangers could
 * otherwise fill the places of the node's own dials with addresses where nothing answers.
 */
export const DIAL_BACKS_MAX = 4;
