/** Where a document of the repository, such as `docs/reference/chain.md`, can be read on the node. */
export function docsUrl(path: string): string {
  return `/${path.replace(/\.md$/, '')}`;
}
