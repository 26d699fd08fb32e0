/** An interval, its point, and the line of no effect: the product in one sign. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--mantine-color-ink-7)" />
      <g stroke="white" strokeLinecap="round">
        <path d="M8 24V8" strokeWidth="2" strokeOpacity="0.45" />
        <path d="M13 16h12" strokeWidth="3" />
        <path d="M19 10.5v11" strokeWidth="3" />
      </g>
    </svg>
  );
}
