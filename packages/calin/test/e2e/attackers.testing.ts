import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { FrameTransport } from '../../src/adapters/libp2p/frame-transport.ts';
import { SILENT } from '../../src/adapters/libp2p/libp2p-network.testing.ts';
import { loadPeerKey } from '../../src/adapters/libp2p/peer-key.ts';

/** Frames that wait to be sent by one attacker, before it lets the others have a turn. */
const FRAMES_A_TURN = 8;

/** Strangers who connect to one node again and again and send it anything as fast as they can. */
export class Attackers {
  readonly #transports: FrameTransport[] = [];
  #isOver = false;
  /** How often the node has thrown one of them out. */
  thrownOut = 0;
  /** Frames that they have sent. */
  frames = 0;

  /**
   * Lets them loose.
   *
   * @param chainId - of the node, in hex; they know it, as everybody can
   */
  async start(count: number, folder: string, target: string, chainId: string): Promise<void> {
    for (let i = 0; i < count; i++) {
      const key = await loadPeerKey(join(folder, `attacker-${i}.key`));
      if (!key.ok) throw new Error(key.error.message);
      const transport: FrameTransport = new FrameTransport(
        { ...SILENT, key: key.value, chainId },
        {
          log: { write: () => {} },
          events: {
            connected: (peer) => this.#flood(transport, peer),
            disconnected: () => {
              this.thrownOut += 1;
              this.#again(transport, target);
            },
            dialFailed: () => this.#again(transport, target),
            discovered: () => {},
            listening: () => {},
            frame: () => {},
          },
        },
      );
      this.#transports.push(transport);
      const started = await transport.start();
      if (!started.ok) throw new Error(started.error.message);
      transport.dial(target);
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#transports.map((transport) => transport.stop()));
  }

  #again(transport: FrameTransport, target: string): void {
    if (!this.#isOver) setTimeout(() => !this.#isOver && transport.dial(target), 20).unref();
  }

  /** Noise of all sizes on both lanes, for as long as the link lasts. */
  #flood(transport: FrameTransport, peer: string): void {
    const turn = (): void => {
      if (this.#isOver || transport.size === 0) return;
      for (let i = 0; i < FRAMES_A_TURN; i++) {
        const bytes = randomBytes(1 + Math.floor(Math.random() * 60_000));
        transport.send(peer, bytes, i % 2 === 0 ? 'urgent' : 'bulk');
        this.frames += 1;
      }
      setImmediate(turn);
    };
    turn();
  }
}
