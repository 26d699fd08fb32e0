/** Runs `act` soon after the first call and at most once every `every` ms, never losing the last call. */
export function coalesce(act: () => void, soon: number, every: number) {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last = Number.NEGATIVE_INFINITY;
  const run = () => {
    timer = null;
    last = Date.now();
    act();
  };
  return {
    call(): void {
      timer ??= setTimeout(run, Math.max(soon, last + every - Date.now()));
    },
    cancel(): void {
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
