/** A line of text with its name above. */
export function TextField({
  label,
  value,
  change,
  isHex = false,
  lengthMax = 1000,
}: {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  /** Shows it in the type of bytes. */
  readonly isHex?: boolean;
  readonly lengthMax?: number;
}) {
  return (
    <label className="block max-w-xl space-y-1 text-sm">
      <span className="block text-soft">{label}</span>
      <input
        type="text"
        value={value}
        maxLength={lengthMax}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => change(target.value)}
        className={`field ${isHex ? 'font-mono' : ''}`}
      />
    </label>
  );
}
