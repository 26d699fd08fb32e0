const MINUS = "\u2212";
const NBSP = "\u00a0";

/** Decimals whose last place is between a quarter and a fortieth of an interval's half-width: no false precision. */
export function decimalsFor(halfWidth: number): number {
  if (!Number.isFinite(halfWidth) || halfWidth <= 0) return 1;
  return Math.min(4, Math.max(0, -Math.floor(Math.log10(halfWidth / 4))));
}

export function formatNumber(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  const isZero = !/[1-9]/.test(text);
  return value < 0 && !isZero ? MINUS + text : text;
}

export function formatSigned(value: number, decimals: number): string {
  const text = formatNumber(value, decimals);
  return text.startsWith(MINUS) || !/[1-9]/.test(text) ? text : `+${text}`;
}

export const formatCount = (value: number): string => formatNumber(value, 0);

/** A share of one as "54 %", or "0.4 %" when small. */
export function formatShare(share: number, decimals = Math.abs(share) < 0.01 && share !== 0 ? 1 : 0): string {
  return `${formatNumber(share * 100, decimals)}${NBSP}%`;
}

export function formatP(p: number): string {
  if (p < 0.001) return "p < 0.001";
  return `p = ${formatNumber(p, p < 0.1 ? 3 : 2)}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
