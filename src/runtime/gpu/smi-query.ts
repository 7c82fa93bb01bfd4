/** Figures that are asked for, each by the names drivers have had for it, the newest first. */
const figures = {
  utilization: ['utilization.gpu'],
  memoryUtilization: ['utilization.memory'],
  memoryUsed: ['memory.used'],
  // From Ampere on `power.draw` is the mean of a second; drivers before 530 know no other.
  powerInstant: ['power.draw.instant'],
  power: ['power.draw'],
  smClock: ['clocks.sm'],
  smClockMax: ['clocks.max.sm'],
  temperature: ['temperature.gpu'],
  // Renamed in 535; the old name went away later.
  reasons: ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
  migMode: ['mig.mode.current'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type SmiFigure = keyof typeof figures;

/** Columns of a query: what each tells, and the name that this driver is asked by. */
export type SmiQuery = readonly { readonly figure: SmiFigure; readonly name: string }[];

const all: readonly SmiFigure[] = [
  'utilization',
  'memoryUtilization',
  'memoryUsed',
  'powerInstant',
  'power',
  'smClock',
  'smClockMax',
  'temperature',
  'reasons',
  'migMode',
];

export const fullQuery: SmiQuery = all.map((figure) => ({ figure, name: figures[figure][0] }));

/**
 * The query for a driver that said which field it does not know: by an older name, or without it. Null when the text
 * says something else, or nothing would be left to ask.
 */
export function withoutRefused(query: SmiQuery, said: string): SmiQuery | null {
  const refused = /Field "([^"]+)" is not a valid field/.exec(said)?.[1];
  if (refused === undefined || !query.some(({ name }) => name === refused)) return null;
  const rest = query.flatMap((column) => {
    if (column.name !== refused) return [column];
    const names: readonly string[] = figures[column.figure];
    const older = names[names.indexOf(refused) + 1];
    return older === undefined ? [] : [{ ...column, name: older }];
  });
  return rest.length === 0 ? null : rest;
}

/** Arguments that make nvidia-smi print a line every so many milliseconds until it is ended. */
export function smiArguments(query: SmiQuery, device: string, intervalMs: number): readonly string[] {
  return [
    '-i',
    device,
    `--query-gpu=${query.map(({ name }) => name).join(',')}`,
    '--format=csv,noheader,nounits',
    '-lms',
    String(intervalMs),
  ];
}
