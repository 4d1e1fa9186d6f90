/** A long name by its beginning and its end, which tell it from others: `3f2a91…c07d`. */
export function shorten(text: string, head = 8, tail = 6): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`;
}
