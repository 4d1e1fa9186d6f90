import { defineRules } from '../base/rules.ts';

/** Refusals of the JSON-RPC face: of what a call says, before or instead of asking the node. */
export const refuseRpc = defineRules({
  'rpc/parse-error': {
    message: 'The text is not JSON.',
    help: 'Send one JSON-RPC 2.0 request, or an array of them, as UTF-8 JSON.',
  },
  'rpc/too-large': {
    message: 'The request is too long.',
    help: 'Split it into several requests within the limit in the evidence.',
  },
  'rpc/too-deep': {
    message: 'The request is nested too deeply.',
    help: 'No method needs nesting beyond the limit in the evidence.',
  },
  'rpc/batch-empty': {
    message: 'The batch is empty.',
    help: 'Put at least one request into the array.',
  },
  'rpc/batch-too-long': {
    message: 'The batch holds too many requests.',
    help: 'Split it into batches within the limit in the evidence.',
  },
  'rpc/bundle-empty': {
    message: 'The bundle holds no transaction.',
    help: 'Put at least one transaction into the bundle, and its number at the front.',
  },
  'rpc/invalid-request': {
    message: 'This is not a JSON-RPC 2.0 request.',
    help: 'Give jsonrpc "2.0", a method as text, params as an object, and an id that is a text, a number or null.',
  },
  'rpc/method-unknown': {
    message: 'There is no such method.',
    help: 'Check its spelling; docs/reference/rpc.md lists all methods.',
  },
  'rpc/dev-only': {
    message: 'The method works on development networks only.',
    help: 'Use `calin dev`, or a genesis file with "dev": true.',
  },
  'rpc/owner-only': {
    message: 'The method is for the owner of the node, who is at its own machine.',
    help: 'Call it at 127.0.0.1 on the machine of the node, through a tunnel that ends there, such as ssh -L, or with an admin key.',
  },
  'rpc/role': {
    message: 'The caller may not do this.',
    help: 'Use a key with the role in the evidence; its owner makes one with "calin key create --role".',
  },
  'rpc/rate-limited': {
    message: 'The caller makes more calls than it may.',
    help: 'Wait for the seconds in the evidence, or use a key with a higher rate.',
    retry: true,
  },
  'rpc/websocket-only': {
    message: 'The method works over WebSocket only, because its news come later on the same connection.',
    help: 'Connect to the same address with ws:// and call it there.',
  },
  'rpc/too-many-subscriptions': {
    message: 'The connection has as many subscriptions as it may have.',
    help: 'Unsubscribe from one, or subscribe to all transactions and filter them.',
  },
  'rpc/subscription-unknown': {
    message: 'The connection has no such subscription.',
    help: 'Give the text that subscribe answered on this connection.',
  },
  'rpc/topic': {
    message: 'The topic does not fit the other parameters.',
    help: 'Give an address with the topic "address", and with no other topic.',
  },
  'rpc/resume': {
    message: 'The node cannot tell what has happened since that block.',
    help: 'Subscribe without "after", then read the state anew.',
  },
  'rpc/internal': {
    message: 'The node failed to answer.',
    help: 'This is a bug or a damaged disk: see the log of the node, and run `calin verify`.',
  },
  'rpc/response-too-large': {
    message: 'The answer would be too long.',
    help: 'Ask for less at a time, such as ids in the place of full transactions.',
  },
  'rpc/block-selector': {
    message: 'A block is named in more than one way.',
    help: 'Give one of height, id and at, or none of them for the head.',
  },
  'rpc/proof-key': {
    message: 'A proof is about exactly one thing.',
    help: 'Give coin, or token, or namespace with key.',
  },
  'rpc/block-unknown': {
    message: 'The node has no such block.',
    help: 'Check the height against node_status, or wait until the node has it.',
    retry: true,
  },
  'rpc/block-pruned': {
    message: 'The node has let go of that block and keeps its header only.',
    help: 'Ask for a block from the expected height on, or ask a node in full or archive mode.',
  },
  'rpc/no-certificates': {
    message: 'No votes make blocks of this chain final, so there are no certificates.',
    help: 'Ask for headers by chain_getHeaders: they say by themselves what is final.',
  },
  'rpc/certificate-unknown': {
    message: 'The node has no certificate of that block or of one soon after it.',
    help: 'Ask for a height up to the last final block in node_status, or for a later one.',
    retry: true,
  },
  'rpc/set-unknown': {
    message: 'The state after that block has no set of validators for that epoch.',
    help: 'Ask for the epoch of the block, or for the next one; after the last block of an epoch for the one after that.',
  },
  'rpc/transaction-unknown': {
    message: 'The node has no such transaction, neither in a block nor waiting.',
    help: 'Check the id; if it was never accepted, submit the transaction.',
    retry: true,
  },
  'rpc/transaction-waiting': {
    message: 'The transaction is not in a block yet.',
    help: 'Ask again when it is; tx_get says where it is.',
    retry: true,
  },
  'rpc/validators-none': {
    message: 'The chain has no validators.',
    help: 'See consensus.validators of its genesis file.',
  },
  'rpc/stake-none': {
    message: 'The chain does not choose its validators by stake.',
    help: 'See consensus.validators of its genesis file.',
  },
  'rpc/epoch-unknown': {
    message: 'The set of this epoch is not decided yet, or was deleted.',
    help: 'A state knows the sets up to one epoch after its own, and back as far as offences can be shown.',
    retry: true,
  },
  'rpc/validator-unknown': {
    message: 'No validator has this key or address.',
    help: 'Check it; a validator exists from the transaction on that bonds it, until all stake has left.',
    retry: true,
  },
  'rpc/validator-selector': {
    message: 'A validator is named by its key or by its address.',
    help: 'Give exactly one of publicKey and address.',
  },
  'rpc/token-unknown': {
    message: 'There is no token with this asset id.',
    help: 'Check the id; the native coin (asset 0) is described by node_status.',
  },
});
