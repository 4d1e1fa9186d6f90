import { SelectField } from '../../ui/text-field.tsx';

/** A list to choose one from. */
export function Choice<T extends string>({
  label,
  value,
  options,
  choose,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly T[];
  readonly choose: (value: T) => void;
}) {
  return (
    <SelectField
      label={label}
      value={value}
      className="w-auto! min-w-40"
      onChange={({ target }) => {
        const chosen = options.find((option) => option === target.value);
        if (chosen !== undefined) choose(chosen);
      }}
    >
      {options.map((option) => (
        <option key={option} value={option}>
          {option}
        </option>
      ))}
    </SelectField>
  );
}
