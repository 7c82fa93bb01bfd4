import type { RunProgram } from './hardware-source.ts';

/** Features of Apple's sysctl by Linux's names, so that results compare across systems. Source: Apple, "Determining instruction set characteristics". */
const flagNames: Readonly<Record<string, string>> = {
  'hw.optional.AdvSIMD': 'asimd',
  'hw.optional.arm.AdvSIMD': 'asimd',
  'hw.optional.arm.FEAT_FP16': 'asimdhp',
  'hw.optional.arm.FEAT_DotProd': 'asimddp',
  'hw.optional.arm.FEAT_I8MM': 'i8mm',
  'hw.optional.arm.FEAT_BF16': 'bf16',
  'hw.optional.arm.FEAT_SME': 'sme',
};

export interface MacCpu {
  readonly physicalCores: number | null;
  readonly flags: ReadonlySet<string>;
}

/** Apple silicon's cores and features; null when sysctl does not answer. */
export async function readMacCpu(run: RunProgram): Promise<MacCpu | null> {
  const text = await run('sysctl', ['hw.physicalcpu', 'hw.optional']);
  return text === null ? null : parseSysctl(text);
}

function parseSysctl(text: string): MacCpu {
  const values = new Map([...text.matchAll(/^(\S+): (\d+)$/gm)].map(([, name = '', value]) => [name, Number(value)]));
  const flags = [...values].flatMap(([name, value]) => {
    const flag = flagNames[name];
    return value === 1 && flag !== undefined ? [flag] : [];
  });
  return { physicalCores: values.get('hw.physicalcpu') ?? null, flags: new Set(flags) };
}
