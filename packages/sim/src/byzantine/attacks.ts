import type { Attack } from './attacker.ts';

/** Bytes of the longest piece of garbage. */
const GARBAGE_BYTES_MAX = 2_000;

/** Ids in one announcement of a flood: as many as a message takes. */
const FLOOD_TXIDS = 1_000;

/** Frames that are no messages, of any length and with any first byte. */
export const garbage: Attack = {
  name: 'garbage',
  intervalUs: 50_000,
  strike(send, dice) {
    send.frame(dice.bytes(dice.between(0, GARBAGE_BYTES_MAX)));
  },
};

/** Announcements of transactions that do not exist, and requests for headers, as fast as the line takes them. */
export const flood: Attack = {
  name: 'flood',
  intervalUs: 5_000,
  strike(send, dice) {
    const first = dice.bytes(32);
    const txids = Array.from({ length: FLOOD_TXIDS }, (_, i) => {
      const txid = first.slice();
      txid[0] = i & 0xff;
      txid[1] = i >> 8;
      return txid;
    });
    send.message({ kind: 'tx-announce', txids });
    send.message({ kind: 'headers-request', request: dice.u32(), locator: [first], limit: 2_000 });
  },
};

/** A head that nobody has, far better than all others, and nothing to show for it. */
export const lyingHead: Attack = {
  name: 'lying head',
  intervalUs: 3_000_000,
  head: (dice) => ({ id: dice.bytes(32), height: 1_000_000, weight: 1n << 100n }),
  strike(send, dice) {
    const head = { id: dice.bytes(32), height: 1_000_000 + dice.below(1_000), weight: 1n << 100n };
    send.message({ kind: 'status', head, finalHeight: 999_000 });
  },
  answer(message, send) {
    if (message.kind !== 'headers-request') return;
    send.message({ kind: 'headers', request: message.request, headers: [] });
  },
};
