import { networkCompliance } from '@calin/core/ports/network-compliance.testing.ts';
import { libp2pUnderTest } from './libp2p-network.testing.ts';

networkCompliance('libp2p over TCP', (nodes) => libp2pUnderTest(nodes, '/ip4/127.0.0.1/tcp/0'));
networkCompliance('libp2p over WebSocket', (nodes) => libp2pUnderTest(nodes, '/ip4/127.0.0.1/tcp/0/ws'));
