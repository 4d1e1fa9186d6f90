/** The database of the index was not reached, or gave up half way: what was to be done is done again later. */
export class IndexUnreachable extends Error {}
