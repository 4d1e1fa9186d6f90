import type { Stream } from '@libp2p/interface';
import { StreamState, YamuxStream } from '@libp2p/yamux/stream';

/** What a stream of yamux knows of the bytes that the other end may still send; its types keep that to themselves. */
interface Windowed {
  readonly state: StreamState;
  /** Bytes of a whole window, and what is left of this one. */
  readonly recvWindow: number;
  readonly recvWindowCapacity: number;
  sendWindowUpdate: () => void;
}

/**
 * Lets a stream give the other end a new window when half of one is used up. Of its own accord yamux gives one for
 * every piece that comes: a packet back, with its cipher and its system call, for each small frame. Who sends waits for
 * none of them: an empty window is always given anew.
 *
 * @param stream - one of another multiplexer stays as it is
 * @see https://github.com/hashicorp/yamux/blob/master/spec.md, flow control; its own implementation waits for half too
 */
export function updateWindowSeldom(stream: Stream): void {
  if (!(stream instanceof YamuxStream)) return;
  const known: object = stream;
  if (!isWindowed(known)) return;
  const update = known.sendWindowUpdate.bind(known);
  known.sendWindowUpdate = () => {
    const { state, recvWindow, recvWindowCapacity } = known;
    // Until both ends know that the stream is open, an update says that too.
    if (state !== StreamState.Established || 2 * recvWindowCapacity <= recvWindow) update();
  };
}

function isWindowed(stream: object): stream is Windowed {
  const { recvWindow, recvWindowCapacity, sendWindowUpdate } = stream as Partial<Windowed>;
  return (
    typeof recvWindow === 'number' &&
    typeof recvWindowCapacity === 'number' &&
    typeof sendWindowUpdate === 'function'
  );
}
