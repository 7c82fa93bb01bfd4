import { UsageError } from '../errors.ts';
import { badSetting, checkPreprocess, imageColors, imageLayouts, type Preprocess, resizeModes } from './preprocess.ts';

type Parser = (text: string) => Preprocess;

/** How each key of the command line is read; in a config file they are the fields of `Preprocess`. */
const parsers: Readonly<Record<string, Parser>> = {
  resize: (text) => ({ resize: parseSize('resize', text) }),
  'resize-mode': (text) => ({ resizeMode: parseName('resize-mode', text, resizeModes) }),
  crop: (text) => ({ crop: parseSize('crop', text) }),
  fill: (text) => ({ fill: parseNumber('fill', text) }),
  layout: (text) => ({ layout: parseName('layout', text, imageLayouts) }),
  color: (text) => ({ color: parseName('color', text, imageColors) }),
  scale: (text) => ({ scale: parseNumber('scale', text) }),
  mean: (text) => ({ mean: parseNumbers('mean', text) }),
  std: (text) => ({ std: parseNumbers('std', text) }),
};

/**
 * Reads `--preprocess resize=256,crop=224,mean=0.485:0.456:0.406,std=0.229:0.224:0.225`. Sizes are one number or
 * `HEIGHTxWIDTH`, numbers may be fractions such as `1/255`.
 * @throws UsageError `bad-value`, or `unknown-name` for another key
 */
export function parsePreprocess(text: string): Preprocess {
  let preprocess: Preprocess = {};
  const seen = new Set<string>();
  for (const setting of text.split(',')) {
    const [, key = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.+?)\s*$/.exec(setting) ?? [];
    if (key === '') throw new UsageError('bad-value', { flag: '--preprocess', value: text, expected: example });
    if (seen.has(key)) throw badSetting(key, value, 'to be given twice');
    seen.add(key);
    preprocess = { ...preprocess, ...parserOf(key)(value) };
  }
  return checkPreprocess(preprocess);
}

const example = 'a list such as resize=256,crop=224,mean=0.485:0.456:0.406,std=0.229:0.224:0.225';

function parserOf(key: string): Parser {
  const parser = Object.hasOwn(parsers, key) ? parsers[key] : undefined;
  if (parser !== undefined) return parser;
  throw new UsageError('unknown-name', { what: '--preprocess', value: key, known: Object.keys(parsers) });
}

function parseSize(key: string, text: string): number | readonly [number, number] {
  const [first = 0, second, ...more] = text.split(/x/i).map((side) => parseNumber(key, side));
  if (more.length > 0) throw badSetting(key, text, 'one size, or HEIGHTxWIDTH');
  return second === undefined ? first : [first, second];
}

function parseNumbers(key: string, text: string): readonly number[] {
  return text.split(':').map((part) => parseNumber(key, part));
}

function parseNumber(key: string, text: string): number {
  const [top = '', bottom = '1', ...more] = text.split('/').map((part) => part.trim());
  const value = top === '' || bottom === '' || more.length > 0 ? Number.NaN : Number(top) / Number(bottom);
  if (Number.isFinite(value)) return value;
  throw badSetting(key, text, 'a number');
}

function parseName<Name extends string>(key: string, text: string, names: readonly Name[]): Name {
  const name = names.find((known) => known === text.toLowerCase());
  if (name !== undefined) return name;
  throw new UsageError('unknown-name', { what: `--preprocess ${key}`, value: text, known: names });
}
