const STANDS = [
  ['bg-accent', 'best branch'],
  ['border border-accent bg-accent-soft', 'behind'],
  ['border border-warn bg-warn-soft', 'other branch'],
  ['border border-soft border-dashed bg-sunken', 'off'],
] as const;
const FAMILIES = [
  ['bg-accent', 'block'],
  ['bg-good', 'transaction'],
  ['bg-warn', 'vote'],
  ['bg-soft', 'other message'],
] as const;

/** What the colours of the picture of the network mean. */
export function PictureLegend() {
  return (
    <div className="caption flex flex-wrap gap-x-4 gap-y-1">
      {STANDS.map(([style, name]) => (
        <span key={name} className="flex items-center gap-1.5">
          <span className={`size-3 rounded-full ${style}`} />
          {name}
        </span>
      ))}
      {FAMILIES.map(([style, name]) => (
        <span key={name} className="flex items-center gap-1.5">
          <span className={`size-2 rounded-full ${style}`} />
          {name}
        </span>
      ))}
      <span>× lost · dashed red ring: cut off · red rim: cheats · *: makes blocks or votes</span>
    </div>
  );
}
