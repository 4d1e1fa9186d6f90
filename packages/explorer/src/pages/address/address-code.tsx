import { encode } from 'uqr';

/** The address for the camera of another device. */
export function AddressCode({ address }: { readonly address: string }) {
  // Capitals take less room in a code, and addresses may be written either way.
  const { data, size } = encode(address.toUpperCase(), { ecc: 'M', border: 2 });
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : [])))
    .join('');
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="The address as a QR code"
      shapeRendering="crispEdges"
      className="size-32 shrink-0 rounded-lg bg-[#fff]"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}
