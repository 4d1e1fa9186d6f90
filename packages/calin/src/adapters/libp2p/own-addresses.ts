import { type AutoNATComponents, autoNAT } from '@libp2p/autonat';
import type { Libp2pEvents, TypedEventTarget } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { DIAL_BACKS_MAX, DIAL_MS_MAX } from './limits.ts';

/** What {@link ownAddresses} uses of libp2p from inside. */
export interface AddressComponents {
  readonly events: Pick<TypedEventTarget<Libp2pEvents>, 'addEventListener' | 'removeEventListener'>;
  readonly addressManager: {
    confirmObservedAddr(address: Multiaddr, options: { type: 'transport'; ttl: number }): void;
  };
}

/**
 * A service of libp2p that tells every address which this node listens on. Left to itself libp2p keeps a public one
 * back until a peer has dialled it for AutoNAT, so nobody could be told where the first node of a network is. Nothing
 * is taken for proved: AutoNAT looks into it with the first peers, and takes an address back that eight of them fail
 * at.
 *
 * @see https://github.com/libp2p/specs/blob/master/autonat/autonat-v1.md
 */
export function ownAddresses(): (components: AddressComponents) => object {
  return ({ events, addressManager }) => {
    const confirm = ({ detail }: Libp2pEvents['transport:listening']): void => {
      for (const address of detail.getAddrs()) {
        addressManager.confirmObservedAddr(address, { type: 'transport', ttl: 0 });
      }
    };
    return {
      start: () => events.addEventListener('transport:listening', confirm),
      stop: () => events.removeEventListener('transport:listening', confirm),
    };
  };
}

/** What the server of AutoNAT dials with. */
type Dialler = Pick<AutoNATComponents['connectionManager'], 'openConnection'>;

/**
 * AutoNAT whose server always dials. That of libp2p takes the connection over which it was asked for an answer from the
 * address, if there is one, finds that it is none, and closes it: so every link between nodes on public addresses would
 * end as soon as it was made.
 */
export function dialBack(): (components: AutoNATComponents) => unknown {
  const create = autoNAT();
  return (components) => {
    const { connectionManager } = components;
    const { openConnection } = forcedDialler(connectionManager);
    const dialling = Object.create(connectionManager, { openConnection: { value: openConnection } });
    return create(Object.create(components, { connectionManager: { value: dialling } }));
  };
}

/** Makes a new connection for each dial, a few at a time and not for long; throws when there is no room. */
export function forcedDialler(dialler: Dialler): Dialler {
  let dialling = 0;
  return {
    async openConnection(address, options) {
      if (dialling >= DIAL_BACKS_MAX) throw new Error('too many dials for others are under way');
      dialling += 1;
      const signals = [AbortSignal.timeout(DIAL_MS_MAX), ...(options?.signal ? [options.signal] : [])];
      try {
        return await dialler.openConnection(address, {
          ...options,
          signal: AbortSignal.any(signals),
          force: true,
        });
      } finally {
        dialling -= 1;
      }
    },
  };
}
