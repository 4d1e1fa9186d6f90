import { splitAmount } from '../words/format-units.ts';

/** The native coin's unit and the decimals that it shows. */
const CALIN = { symbol: 'CALIN', decimals: 8 };
/** Below a thousandth of a coin an amount is easier to read in hugs. */
const HUGS_BELOW = 100_000;

/** An amount of the native coin, or of a token if `unit` says so. Fees and other small ones are in hugs. */
export function Amount({
  units,
  unit = CALIN,
  className = '',
}: {
  readonly units: number;
  readonly unit?: { readonly symbol: string; readonly decimals: number };
  readonly className?: string;
}) {
  const isSmall = unit === CALIN && units > 0 && units < HUGS_BELOW;
  const [whole, fraction] = splitAmount(units, isSmall ? 0 : unit.decimals);
  const symbol = isSmall ? (units === 1 ? 'hug' : 'hugs') : unit.symbol;
  return (
    <span className={`whitespace-nowrap ${className}`}>
      {whole}
      <span className="text-[0.9em] opacity-90">{fraction}</span>{' '}
      <span className="text-[0.85em] text-soft">{symbol}</span>
    </span>
  );
}
