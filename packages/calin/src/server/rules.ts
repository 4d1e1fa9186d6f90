import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of the server itself: the network, HTTP and WebSocket. What was asked is not looked at yet. */
export const refuseServer = defineRules({
  'server/port-in-use': {
    message: 'Another program already listens on this port.',
    help: 'Stop it (it may be another node), or choose another port with --port; --port 0 takes any free one.',
    retry: true,
  },
  'server/cannot-listen': {
    message: 'The server cannot listen on this address.',
    help: 'Check that the address belongs to this machine and that you may use the port; those below 1024 are reserved.',
  },
  'server/foreign-host': {
    message: 'The request was made for the name of another machine.',
    help: 'Use localhost, 127.0.0.1 or [::1]. A web page that turned its own name to this machine gets no further.',
  },
  'server/foreign-origin': {
    message: 'A web page from elsewhere may not use this node.',
    help: 'Start the node with --allow-origin and the origin in the evidence, if you trust the page.',
  },
  'server/key-unknown': {
    message: 'The node does not know this key.',
    help: 'Send "authorization: Bearer KEY" with a key that "calin key create" has shown and nobody has revoked.',
  },
  'server/too-many-guesses': {
    message: 'Too many wrong keys came from this address.',
    help: 'Wait ten seconds before each further try, and check the key.',
    retry: true,
  },
  'server/tls': {
    message: 'The certificate or the key for TLS cannot be used.',
    help: 'Give both in PEM, the certificate with its chain, and a key that belongs to it and has no password.',
  },
  'server/not-found': {
    message: 'There is nothing under this path.',
    help: 'Send JSON-RPC requests by POST to /rpc, bundles of transactions to /transactions, and ask GET /health whether the node is well.',
  },
  'server/no-pages': {
    message: 'The pages of the explorer are not built.',
    help: 'Run "npm run pages" in the folder of Calin and load this again. "npm ci" does it too, unless it leaves scripts or development packages out.',
  },
  'server/method-not-allowed': {
    message: 'This path does not take requests of this kind.',
    help: 'Send JSON-RPC requests by POST; the header Allow lists what is taken.',
  },
  'server/content-type': {
    message: 'The body is not declared to be what this path takes.',
    help: 'Send "content-type: application/json", or application/octet-stream to /transactions, and do not compress the body.',
  },
  'server/body-size': {
    message: 'The body is too long.',
    help: 'Send fewer calls or transactions at a time; the limit in bytes is in the evidence.',
  },
  'server/encoding': {
    message: 'The body is not UTF-8.',
    help: 'Encode the JSON as UTF-8.',
  },
  'server/busy': {
    message: 'The server has as much to read, or as many connections, as it takes.',
    help: 'Wait a moment and try again.',
    retry: true,
  },
});
