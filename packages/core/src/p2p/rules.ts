import { defineRules } from '../base/rules.ts';

/** Refusals of what another node says or does. In the order of their ids. */
export const refuseP2p = defineRules({
  'p2p/answer-too-long': {
    message: 'An answer holds more than was asked for.',
    help: 'Answer each request by at most what it names.',
    banPoints: 20,
  },
  'p2p/answer-unexpected': {
    message: 'An answer came to a request that was never made.',
    help: 'Answer each request once, by its number.',
    banPoints: 5,
  },
  'p2p/ban-target': {
    message: 'This names neither a peer nor a network.',
    help: 'Give a peer id, an IP address, or a network such as 5.6.0.0/16.',
  },
  'p2p/banned': {
    message: 'The peer or its network is banned here.',
    help: 'Wait until the ban ends; the owner of the node can lift it with net_unban.',
    retry: true,
  },
  'p2p/block-txs-mismatch': {
    message: 'The transactions sent for a block are not those it commits to.',
    help: 'Send the transactions of the very block, in the order of the request.',
    banPoints: 100,
  },
  'p2p/block-txs-range': {
    message: 'A transaction was asked for that the block does not have.',
    help: 'Ask for places below the number of transactions of the block.',
    banPoints: 2,
  },
  'p2p/bodies-late': {
    message: 'Blocks that were asked for did not come in time.',
    help: 'Answer each request for blocks, by what is there and by what is missing.',
    banPoints: 10,
    retry: true,
  },
  'p2p/body-unasked': {
    message: 'A block came that was not asked for.',
    help: 'Send each block that was asked for once.',
    banPoints: 5,
  },
  'p2p/body-wrong': {
    message: 'What came for a block is not that block.',
    help: 'Send the block whose id was asked for, with its own transactions.',
    banPoints: 100,
  },
  'p2p/compact-block-lie': {
    message: 'A compact block named other transactions than the block has.',
    help: 'Pass a block on only when its transactions give the root in its header.',
    banPoints: 100,
  },
  'p2p/compact-block-shape': {
    message: 'The lists of a compact block contradict each other.',
    help: 'Name prefilled transactions by ascending places within the block.',
    banPoints: 50,
  },
  'p2p/engine-unknown': {
    message: 'The message is for an engine that this chain does not vote with.',
    help: 'Votes are sent on chains whose genesis file has them, for the engine it names.',
    banPoints: 5,
  },
  'p2p/evicted': {
    message: 'The connection made room for another one.',
    help: 'Connect to other nodes; this one has as many peers as it takes.',
    retry: true,
  },
  'p2p/fork-behind-final': {
    message: 'The headers leave the best branch below the last final block.',
    help: 'Follow the branch of the final block; the two nodes cannot agree any more.',
    banPoints: 10,
  },
  'p2p/frame-too-large': {
    message: 'A frame is longer than its kind of message can be.',
    help: 'See the limits in docs/reference/network.md.',
    banPoints: 50,
  },
  'p2p/handshake-timeout': {
    message: 'The other node did not say hello in time.',
    help: 'Send hello as the first message, within ten seconds of connecting.',
    retry: true,
  },
  'p2p/head-unproved': {
    message: 'The headers do not lead to a head as good as the one that was claimed.',
    help: 'Claim the head of the own best branch, and give its headers when asked.',
    banPoints: 10,
    retry: true,
  },
  'p2p/headers-late': {
    message: 'Headers that were asked for did not come in time.',
    help: 'Answer each request for headers, by none when there are none.',
    banPoints: 10,
    retry: true,
  },
  'p2p/headers-not-connected': {
    message: 'The first header follows none of the blocks that were named in the request.',
    help: 'Begin after the first block of the locator that is on the own best branch.',
    banPoints: 50,
  },
  'p2p/headers-not-in-row': {
    message: 'A header does not follow the one before it.',
    help: 'Send headers of one branch, oldest first, without gaps.',
    banPoints: 100,
  },
  'p2p/headers-unasked': {
    message: 'Headers came that were not asked for, or more of them.',
    help: 'Answer each request for headers once, within its limit.',
    banPoints: 10,
  },
  'p2p/hello-expected': {
    message: 'Something else came before hello.',
    help: 'Send hello as the first message.',
    banPoints: 2,
  },
  'p2p/hello-twice': {
    message: 'A second, different hello came on one connection.',
    help: 'Say hello once; send status when the head moves.',
    banPoints: 20,
  },
  'p2p/inbound-full': {
    message: 'The node has as many peers as it takes, all of them worth keeping.',
    help: 'Connect to other nodes, or try again later.',
    retry: true,
  },
  'p2p/not-banned': {
    message: 'There is no such ban.',
    help: 'Name it as net_peers lists it; a peer may be banned by its network.',
  },
  'p2p/peers-unexpected': {
    message: 'Addresses came that nobody had asked for.',
    help: 'Send peers once as the answer to peers-request.',
    banPoints: 2,
  },
  'p2p/ping-timeout': {
    message: 'A ping was not answered in time.',
    help: 'Answer each ping by a pong with its nonce.',
    retry: true,
  },
  'p2p/pong-unexpected': {
    message: 'A pong answers no ping.',
    help: 'Answer each ping once, with its nonce.',
    banPoints: 1,
  },
  'p2p/protocol-version': {
    message: 'The other node speaks another version of the protocol.',
    help: 'Run the same major version of the node.',
  },
  'p2p/requests-too-many': {
    message: 'More headers and blocks are asked for than wait at a time.',
    help: 'Wait for answers before asking for more.',
    banPoints: 5,
    retry: true,
  },
  'p2p/self': {
    message: 'The node has connected to itself.',
    help: 'Nothing: the connection is closed and the address is not dialled again.',
  },
  'p2p/snapshot-unasked': {
    message: 'A part of a snapshot, or of the past, came that was never asked for.',
    help: 'Answer requests, each by what it asks for.',
    banPoints: 10,
  },
  'p2p/too-many-bans': {
    message: 'As many bans were ordered by hand as the node keeps.',
    help: 'Lift some of them, or ban whole networks.',
  },
  'p2p/too-many-connections': {
    message: 'The node has as many connections as it takes.',
    help: 'Connect to another node, or try again later.',
    retry: true,
  },
  'p2p/too-many-from-host': {
    message: 'There are as many connections from that machine as the node takes from one.',
    help: 'Connect to other nodes.',
    retry: true,
  },
  'p2p/too-much': {
    message: 'More messages of one kind came than a node needs to send.',
    help: 'Send less of them; what was over the budget was not handled.',
    banPoints: 5,
    retry: true,
  },
  'p2p/transactions-late': {
    message: 'Announced transactions that were asked for did not come, time and again.',
    help: 'Announce what is in the pool, and answer each request for it, if by nothing.',
    banPoints: 20,
    retry: true,
  },
  'p2p/unknown-kind': {
    message: 'The first byte of a frame names no kind of message.',
    help: 'See the messages in docs/reference/network.md; a newer version may know it.',
    banPoints: 10,
  },
  'p2p/weight-wrong': {
    message: 'The weight that was claimed for a head is not the sum of its branch.',
    help: 'Claim the weight as the chain computes it.',
    banPoints: 50,
  },
  'p2p/wrong-chain': {
    message: 'The other node is on another chain.',
    help: 'Compare the genesis files: nodes of one network start from the same one.',
  },
});
