import { TextField } from '../../ui/text-field.tsx';

/** Words from which a key is made, by a hash. */
export function SeedField({
  seed,
  change,
}: {
  readonly seed: string;
  readonly change: (seed: string) => void;
}) {
  return (
    <TextField
      label="Words to make a key from, for trying only"
      value={seed}
      onChange={({ target }) => change(target.value)}
      maxLength={1000}
      className="max-w-xl"
    />
  );
}
