import { assert } from '@calin/core/base/assert.ts';
import { type Message, parseMessage } from '@calin/core/p2p/messages/message.ts';

/** Frames of which the message is remembered: longer ones are few, and shorter ones read quicker than found. */
const FRAME_BYTES_MIN = 32;
const FRAME_BYTES_MAX = 4_096;

/** Messages that are remembered in each of two generations: all that is said while a block spreads. */
const MESSAGES_MAX = 1_024;

/**
 * Messages that come from another part of a run. Nodes there pass the same blocks and transactions on, so of the frames
 * of a block a handful are different among thousands (of 6,398 compact blocks that crossed in a run of 600 nodes, 13):
 * each is parsed once, and all receivers are given the same object, as they are within a part.
 */
export class SharedMessages {
  #young = new Map<string, Message>();
  #old = new Map<string, Message>();

  /**
   * The message of a frame; nobody writes to it.
   *
   * @param frame - was a message before, and may be used for something else afterwards
   */
  parse(frame: Uint8Array): Message {
    if (frame.length < FRAME_BYTES_MIN || frame.length > FRAME_BYTES_MAX) return parse(frame);
    const key: string = Reflect.apply(String.fromCharCode, undefined, frame);
    let message = this.#young.get(key);
    if (message !== undefined) return message;
    message = this.#old.get(key) ?? parse(frame);
    this.#young.set(key, message);
    if (this.#young.size >= MESSAGES_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return message;
  }
}

function parse(frame: Uint8Array): Message {
  // What is read may be views of the frame, whose memory is used for something else afterwards.
  const message = parseMessage(frame.slice());
  assert(message.ok, 'a message that was a message before');
  return message.value;
}
