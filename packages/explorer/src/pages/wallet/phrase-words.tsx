/** The words of a phrase with their places. */
export function PhraseWords({ phrase }: { readonly phrase: string }) {
  const words = phrase.split(' ').map((word, i) => ({ word, place: i + 1 }));
  return (
    <ol
      aria-label="The words"
      className="grid grid-cols-2 gap-2 sm:grid-cols-3 md:grid-cols-4"
      translate="no"
    >
      {words.map(({ word, place }) => (
        <li key={place} className="flex items-baseline gap-2 rounded-lg bg-sunken px-3 py-1.5">
          <span className="w-5 text-right text-soft text-xs">{place}</span>
          <span className="font-medium font-mono">{word}</span>
        </li>
      ))}
    </ol>
  );
}
