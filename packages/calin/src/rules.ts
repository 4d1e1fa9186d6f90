import { defineRules } from '@calin/core/base/rules.ts';

/** Refusals of the adapters: the disk, the data folder, the machine, and what peers do below the protocol. */
export const refuseAdapter = defineRules({
  'key/unknown': {
    message: 'There is no key with this id.',
    help: 'See "calin key list" for the ids.',
  },
  'key/too-many': {
    message: 'The node has as many keys as it can have.',
    help: 'Revoke those that nobody uses.',
  },
  'key/file': {
    message: 'The file of keys cannot be read.',
    help: 'Mend or restore api-keys.json in the data folder; without it no key is known and new ones must be made.',
  },
  'store/locked': {
    message: 'Another process has this store open.',
    help: 'Stop the other node (its process id is in the evidence when it is known), or use another data folder.',
    retry: true,
  },
  'store/closed': {
    message: 'The store has been closed.',
    help: 'Nothing was written; start the node again.',
  },
  'store/disk-full': {
    message: 'The disk is full, or a quota or a file size limit has been reached.',
    help: 'Free some space and start the node again; everything it had acknowledged is there.',
    retry: true,
  },
  'store/io': {
    message: 'The disk refused to read or write.',
    help: 'Look at the reason in the evidence and at the system log; the disk may be failing.',
  },
  'store/damaged': {
    message: 'What is on disk is not what was written.',
    help: 'Do not go on with this folder: restore a backup, or delete its chain folder and synchronise again.',
  },
  'store/lost-tail': {
    message: 'The newest commits that were on disk are gone or damaged; what came before them is whole.',
    help: 'Restore a backup, or start once with --recover to go on from the last whole commit and fetch the rest again; a block producer that does so may sign a height twice.',
  },
  'folder/not-found': {
    message: 'The folder holds no chain.',
    help: 'Make one with "calin init", or check the path.',
  },
  'folder/exists': {
    message: 'The folder already holds a chain.',
    help: 'Start it with "calin node", or choose another folder.',
  },
  'folder/not-empty': {
    message: 'The folder holds files that are not a chain’s.',
    help: 'Choose an empty or a new folder.',
  },
  'folder/format-version': {
    message: 'The folder was written in a format that this version does not know.',
    help: 'Use the version of Calin that wrote it, or make a new folder and synchronise again.',
  },
  'folder/other-chain': {
    message: 'The folder belongs to another chain.',
    help: 'Use the folder of the expected chain, or start with the genesis file of this one.',
  },
  'folder/malformed': {
    message: 'A file of the data folder cannot be understood.',
    help: 'Restore it from a backup; the evidence names it and says where it breaks.',
  },
  'log/levels': {
    message: 'The log levels cannot be understood.',
    help: 'Give a level (debug, info, warn, error or off) for all parts, then part=level, as in info,p2p=debug; docs/reference/logs.md names the parts.',
  },
  'folder/io': {
    message: 'A file of the data folder could not be read or written.',
    help: 'Check the permissions and the space of the disk; the evidence has the reason.',
  },
  'network/address': {
    message: 'The network address cannot be used.',
    help: 'Write it as /ip4/192.0.2.7/tcp/8646; the address of another node ends in /p2p/ and the id that it prints at its start.',
  },
  'network/cannot-listen': {
    message: 'The node cannot listen for peers on this address.',
    help: 'Another program may have the port: choose another one with --listen, or end it with 0 for any free one.',
  },
  'network/frame-length': {
    message: 'A peer announced a frame of a length that no message has.',
    help: 'The connection was closed; nothing of the frame was kept.',
    banPoints: 50,
  },
  'network/frame-late': {
    message: 'A frame of a peer did not arrive whole in time.',
    help: 'Send each frame within a minute of its beginning; the connection was closed.',
    banPoints: 20,
  },
  'network/frame-stalled': {
    message: 'A peer began a frame as the first thing it said, and stopped in the middle of it.',
    help: 'Send hello first, and each frame as fast as the connection takes it.',
    banPoints: 60,
  },
  'network/unread': {
    message: 'More waits to be sent to a peer than is kept for one that reads.',
    help: 'Read answers as they come, and ask for less at a time.',
    banPoints: 20,
    retry: true,
  },
});
