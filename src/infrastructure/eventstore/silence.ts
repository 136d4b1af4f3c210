/** Watches for silence: `onSilence` is called once when nothing was heard for that long, in milliseconds. */
export function silenceLimit(ms: number, onSilence: () => void): { heard(): void; end(): void } {
  const timer = setTimeout(onSilence, ms);
  return {
    heard: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  };
}
