/** Server and desktop cores by implementer and part number of `/proc/cpuinfo`, which has no names on Arm. Source: util-linux, lscpu-arm.c. */
const parts: Readonly<Record<string, string>> = {
  '0x41/0xd03': 'Arm Cortex-A53',
  '0x41/0xd05': 'Arm Cortex-A55',
  '0x41/0xd07': 'Arm Cortex-A57',
  '0x41/0xd08': 'Arm Cortex-A72',
  '0x41/0xd09': 'Arm Cortex-A73',
  '0x41/0xd0a': 'Arm Cortex-A75',
  '0x41/0xd0b': 'Arm Cortex-A76',
  '0x41/0xd0c': 'Arm Neoverse-N1',
  '0x41/0xd40': 'Arm Neoverse-V1',
  '0x41/0xd41': 'Arm Cortex-A78',
  '0x41/0xd44': 'Arm Cortex-X1',
  '0x41/0xd49': 'Arm Neoverse-N2',
  '0x41/0xd4f': 'Arm Neoverse-V2',
  '0x41/0xd84': 'Arm Neoverse-V3',
  '0x41/0xd8e': 'Arm Neoverse-N3',
  '0xc0/0xac3': 'Ampere-1',
  '0xc0/0xac4': 'Ampere-1a',
};

/** The core's name, or its bare numbers where it is not listed. */
export function armPartName(implementer: string, part: string): string {
  return parts[`${implementer}/${part}`] ?? `Arm implementer ${implementer} part ${part}`;
}
