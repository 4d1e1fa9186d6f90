/** Bytes in hexadecimal, broken over lines where they must be. */
export function HexText({ text, label }: { readonly text: string; readonly label?: string }) {
  return (
    <p className="text-sm">
      {label !== undefined && <span className="block text-soft text-xs">{label}</span>}
      <code className="break-all font-mono text-[0.92em]">{text}</code>
    </p>
  );
}
