/** An address of a development chain: of the key whose secret is 32 times the byte 1, which everybody knows. */
export const EXAMPLE_ADDRESS = 'dcal1df5zzysl7jmx6p2anzwaz9d3lqf3cumpyr89un8740pkvvda5fvqwafy7n';

/** 32 bytes that stand for an id. */
export const EXAMPLE_ID = '4ad5f2b1c0e39786a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f00f1e';
