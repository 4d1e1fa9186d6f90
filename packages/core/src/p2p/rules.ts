import { defineRules } from '../base/rules.ts';

/** Refusals of what another node says or does. In the order of their ids. */
export const refuseP2p = defineRules({
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
  'p2p/self': {
    message: 'The node has connected to itself.',
    help: 'Nothing: the connection is closed and the address is not dialled again.',
  },
  'p2p/too-many-connections': {
    message: 'The node has as many connections as it takes.',
    help: 'Connect to another node, or try again later.',
    retry: true,
  },
  'p2p/too-much': {
    message: 'More messages of one kind came than a node needs to send.',
    help: 'Send less of them; what was over the budget was not handled.',
    banPoints: 5,
    retry: true,
  },
  'p2p/unknown-kind': {
    message: 'The first byte of a frame names no kind of message.',
    help: 'See the messages in docs/reference/network.md; a newer version may know it.',
    banPoints: 10,
  },
  'p2p/wrong-chain': {
    message: 'The other node is on another chain.',
    help: 'Compare the genesis files: nodes of one network start from the same one.',
  },
});
