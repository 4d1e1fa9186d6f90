/** Prefixes of addresses: the main network, its public test network, and chains of one developer. */
export const ADDRESS_PREFIXES = { main: 'cal', test: 'tcal', dev: 'dcal' } as const;
