import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of the line protocol: its lines, its connections and its port. What the lines ask has its own rules. */
export const refuseLine = defineRules({
  'line/unknown-command': {
    message: 'There is no such command.',
    help: 'Send ADD_TRANSACTION:<sender>:<receiver>:<amount>:<private_key>, GET_BLOCKCHAIN, SYNC_BLOCKCHAIN:<data> or VALIDATE_BLOCKCHAIN, in capitals and one on a line.',
  },
  'line/fields': {
    message: 'The command does not have the fields that it takes.',
    help: 'Compare it with the expected form in the evidence; nothing was done.',
  },
  'line/private-key': {
    message: 'The private key cannot be read.',
    help: 'Write its 32 bytes as 64 of the digits 0-9 and a-f; "calin account export NAME --secret" prints the key of an account.',
  },
  'line/wrong-key': {
    message: 'The private key is not that of the sender.',
    help: 'Give the key of the address that pays; an address of several keys cannot pay in this protocol.',
  },
  'line/data': {
    message: 'The data is not a list of blocks.',
    help: 'Send what GET_BLOCKCHAIN gives: a JSON object whose "blocks" have their "bytes" in hexadecimal; the evidence says where it breaks.',
  },
  'line/other-chain': {
    message: 'The blocks belong to another chain.',
    help: 'Ask a node of the chain that is expected; both begin with the same genesis file.',
  },
  'line/too-many-blocks': {
    message: 'More blocks are in one line than are taken at a time.',
    help: 'Send them in several lines, the lowest heights first.',
  },
  'line/syncing': {
    message: 'Blocks of another line are being taken.',
    help: 'Wait a moment and send the line again.',
    retry: true,
  },
  'line/validating': {
    message: 'The blockchain is being validated for somebody else.',
    help: 'Wait until that is done and ask again; a validation reads the whole chain.',
    retry: true,
  },
  'line/cannot-validate': {
    message: 'The validation could not be carried out, so nothing is known of the blockchain.',
    help: 'Try again; if it ends like this again, run "calin verify", and see the reason in the evidence.',
    retry: true,
  },
  'line/too-long': {
    message: 'The line is longer than a line of its command may be.',
    help: 'End each command with a line feed, and send fewer blocks at a time. The connection is closed.',
  },
  'line/encoding': {
    message: 'The line has bytes that are no printable ASCII.',
    help: 'Send text without control characters; a carriage return may stand before the line feed only. The connection is closed.',
  },
  'line/http': {
    message: 'This port does not speak HTTP.',
    help: 'Send JSON-RPC to the port of --port. The connection is closed, so that no web page can use the line protocol.',
  },
  'line/unfinished': {
    message: 'The last line has no line feed, so a part of it may be missing.',
    help: 'End each command with a line feed; nothing was done.',
  },
  'line/idle': {
    message: 'No whole line came in time.',
    help: 'Open another connection when there is something to send.',
    retry: true,
  },
  'line/too-fast': {
    message: 'More lines came than are answered in a second.',
    help: 'Send the line again after a moment; it was not looked at.',
    retry: true,
  },
  'line/busy': {
    message: 'Other connections are sending as much as is taken at a time.',
    help: 'Wait a moment and try again. The connection is closed.',
    retry: true,
  },
  'line/too-many-connections': {
    message: 'As many connections are open as are taken.',
    help: 'Close one, or wait until one has been idle for too long.',
    retry: true,
  },
  'line/not-loopback': {
    message: 'The line protocol carries private keys in the clear, so it stays on this machine.',
    help: 'Use 127.0.0.1, ::1 or localhost. From elsewhere use JSON-RPC, where keys never leave the wallet, or a tunnel such as ssh -L.',
  },
  'line/port-in-use': {
    message: 'Another program already listens on the port of the line protocol.',
    help: 'Choose another one with --line-port; --line-port 0 takes any free one.',
    retry: true,
  },
  'line/cannot-listen': {
    message: 'The line protocol cannot listen on this port.',
    help: 'Check that you may use it; ports below 1024 are reserved.',
  },
  'line/no-answer': {
    message: 'No node answers there by the line protocol.',
    help: 'Start one with "calin dev --line-port 8647" or "calin node --line-port 8647", or name its port with --port.',
    retry: true,
  },
  'line/refused': {
    message: 'Some of the commands were refused, or the blockchain is invalid.',
    help: 'See the answers that begin with ERROR or are INVALID; each refusal names its rule.',
  },
});
