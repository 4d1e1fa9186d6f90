import { encode } from 'uqr';

/** A text for the camera of another device: dark on light in both schemes, as cameras want it. */
export function QrPicture({
  text,
  label,
  className = 'size-32',
}: {
  readonly text: string;
  readonly label: string;
  readonly className?: string;
}) {
  const { data, size } = encode(text, { ecc: 'M', border: 2 });
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
    .join('');
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className={`shrink-0 rounded-lg bg-[#fff] ${className}`}
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
