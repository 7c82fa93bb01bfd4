import { isFloatType, isIntegerType, type NumericType } from '../onnx/data-type.ts';

/** The element that a text stands for in this type; null when it stands for none or does not fit. */
export function parseElement(type: NumericType, text: string): number | bigint | null {
  if (type === 'bool') return parseBoolean(text);
  if (isFloatType(type)) return parseFloating(text);
  return isIntegerType(type) ? parseInteger(type, text) : null;
}

function parseBoolean(text: string): number | null {
  if (text === 'true' || text === '1') return 1;
  return text === 'false' || text === '0' ? 0 : null;
}

function parseFloating(text: string): number | null {
  const value = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function parseInteger(type: NumericType, text: string): bigint | null {
  if (!/^[+-]?\d{1,20}$/.test(text)) return null;
  const value = BigInt(text.replace('+', ''));
  const bits = BigInt(/\d+$/.exec(type)?.[0] ?? 0);
  const [least, most] = type.startsWith('u') ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  return value >= least && value <= most ? value : null;
}
