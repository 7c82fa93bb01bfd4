import type { SmiFigure, SmiQuery } from './smi-query.ts';
import { throttleReasonsOf } from './throttle-reasons.ts';
import type { ThrottleReason } from './throttle-reasons.ts';

/** What a GPU does at a moment; null where it or its driver does not tell. */
export interface GpuSample {
  readonly atMs: number;
  /** Share of the driver's last period (1/6 to 1 s) in which some kernel ran: not how full the GPU was. */
  readonly utilization: number | null;
  /** Share of that period in which its memory was read or written. */
  readonly memoryUtilization: number | null;
  /** Of all processes on the GPU. */
  readonly memoryUsedBytes: number | null;
  readonly powerW: number | null;
  /** The power of the moment, and not the mean of a second or so. */
  readonly powerIsInstant: boolean;
  readonly smClockMhz: number | null;
  readonly smClockMaxMhz: number | null;
  readonly temperatureC: number | null;
  readonly throttled: readonly ThrottleReason[] | null;
  /** The GPU is divided into instances: memory and power are those of all of them. */
  readonly isMig: boolean;
}

/** Reads a line of nvidia-smi, `37, 12, 1045, …`; null for one that is not an answer to the query. */
export function parseSample(line: string, query: SmiQuery, atMs: number): GpuSample | null {
  const texts = line.split(',').map((text) => text.trim());
  if (texts.length !== query.length || !texts.every(isField)) return null;
  const text = (figure: SmiFigure) => texts[query.findIndex((column) => column.figure === figure)] ?? '';
  const number = (figure: SmiFigure) => numberOf(text(figure));
  const instantW = number('powerInstant');
  return {
    atMs,
    utilization: share(number('utilization')),
    memoryUtilization: share(number('memoryUtilization')),
    memoryUsedBytes: scaled(number('memoryUsed'), 2 ** 20),
    powerW: instantW ?? number('power'),
    powerIsInstant: instantW !== null,
    smClockMhz: number('smClock'),
    smClockMaxMhz: number('smClockMax'),
    temperatureC: number('temperature'),
    throttled: throttleReasonsOf(text('reasons')),
    isMig: text('migMode') === 'Enabled',
  };
}

/** Numbers, with a unit from drivers that ignore `nounits`; masks; words in brackets for what is not told. */
const number = /^-?\d+(?:\.\d+)?(?: ?(?:%|MiB|W|MHz|C))?$/;
const other = /^(?:0x[\da-f]+|\[[\w /:]+\]|N\/A|ERR!|Enabled|Disabled)$/i;

function isField(text: string): boolean {
  return number.test(text) || other.test(text);
}

function numberOf(text: string): number | null {
  return number.test(text) ? Number.parseFloat(text) : null;
}

/** Some drivers have told more than 100 %. */
function share(percent: number | null): number | null {
  return percent === null ? null : Math.min(1, Math.max(0, percent / 100));
}

function scaled(value: number | null, factor: number): number | null {
  return value === null ? null : value * factor;
}
