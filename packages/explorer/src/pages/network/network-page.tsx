import { useQuery } from '@tanstack/react-query';
import { networkQuery, peersQuery, statusQuery } from '../../node/queries.ts';
import { RefusedCall } from '../../node/rpc.ts';
import { Figure } from '../../ui/figure.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { formatCount } from '../../words/format-units.ts';
import { PeerPicture } from './peer-picture.tsx';
import { PeerTable } from './peer-table.tsx';

const UNKNOWN = '–';

/** How the node takes part in its network, and whom it knows. */
export function NetworkPage() {
  const { data: network, error } = useQuery(networkQuery);
  const { data: peers, error: peersError } = useQuery(peersQuery);
  const { data: status } = useQuery(statusQuery);
  if (error !== null) {
    return (
      <Page title="Network">
        <RefusalNotice error={error} />
      </Page>
    );
  }
  const isForOthers = peersError instanceof RefusedCall;
  return (
    <Page title="Network">
      {network?.enabled === false && (
        <Notice title="This node knows no other nodes.">
          It runs by itself, as development chains do. “calin cluster” starts several on one machine, “calin
          node” joins a network.
        </Notice>
      )}
      <section aria-label="The network in numbers" className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Figure
          name="Peers"
          note={network && `${network.peers.outbound} dialled, ${network.peers.inbound} came by themselves`}
        >
          {network === undefined ? UNKNOWN : formatCount(network.peers.inbound + network.peers.outbound)}
        </Figure>
        <Figure name="Known addresses" note={network && `${formatCount(network.addresses.reached)} reached`}>
          {network === undefined ? UNKNOWN : formatCount(network.addresses.known)}
        </Figure>
        <Figure name="Bans" note="that hold now">
          {network === undefined ? UNKNOWN : formatCount(network.bans)}
        </Figure>
        <Figure
          name="This node"
          note={network?.enabled === true ? `protocol ${network.protocol}` : 'no network'}
        >
          {network?.agent || status?.storage.mode || UNKNOWN}
        </Figure>
      </section>
      {isForOthers && (
        <Notice title="Who the peers are is for the owner of the node.">
          Open this page on the machine of the node to see them.
        </Notice>
      )}
      {peers !== undefined && peers.peers.length > 0 && (
        <>
          <PeerPicture peers={peers.peers} />
          <PeerTable peers={peers.peers} headHeight={status?.head.height ?? 0} />
        </>
      )}
    </Page>
  );
}
