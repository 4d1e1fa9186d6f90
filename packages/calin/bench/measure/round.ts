/** A number with so many digits after the point: what is behind them is noise. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
