/** A file in an archive that is being written. */
export interface PackedFile {
  readonly name: string;
  readonly method: number;
  readonly crc32: number;
  readonly sizeBytes: number;
  readonly packedBytes: number;
  readonly headerOffset: number;
}

/** Sizes and offsets from here on take a zip64 field (PKWARE's APPNOTE.TXT 6.3.10, section 4.5.3). */
export const narrowLimit = 0xff_ff_ff_ff;

const wideVersion = 45;
const plainVersion = 20;
/** 1 January 1980: the archive depends on nothing but its content. */
const firstDate = 0x21;
const utf8Flag = 0x0800;

/** The record in front of an entry's bytes (4.3.7). */
export function localRecord(file: PackedFile, limit: number): Uint8Array {
  const wide = file.sizeBytes >= limit || file.packedBytes >= limit;
  const extra = wide ? extraField([file.sizeBytes, file.packedBytes]) : new Uint8Array();
  const name = Buffer.from(file.name);
  const sizes = wide ? [narrowLimit, narrowLimit] : [file.packedBytes, file.sizeBytes];
  return Buffer.concat([
    u32(0x04_03_4b_50),
    u16(wide ? wideVersion : plainVersion),
    common(file, sizes),
    u16(name.length, extra.length),
    name,
    extra,
  ]);
}

/** The record in the central directory (4.3.12). */
export function directoryRecord(file: PackedFile, limit: number): Uint8Array {
  const fields = [file.sizeBytes, file.packedBytes, file.headerOffset];
  const extra = fields.some((field) => field >= limit) ? extraField(fields.filter((field) => field >= limit)) : u16();
  const narrow = (field: number) => (field >= limit ? narrowLimit : field);
  const version = extra.length > 0 ? wideVersion : plainVersion;
  const name = Buffer.from(file.name);
  return Buffer.concat([
    u32(0x02_01_4b_50),
    u16(version, version),
    common(file, [narrow(file.packedBytes), narrow(file.sizeBytes)]),
    u16(name.length, extra.length, 0, 0, 0),
    u32(0, narrow(file.headerOffset)),
    name,
    extra,
  ]);
}

/** The records after the central directory, with those of zip64 where they are needed (4.3.14 to 4.3.16). */
export function endRecords(
  { count, offset, sizeBytes }: { readonly count: number; readonly offset: number; readonly sizeBytes: number },
  limit: number,
): Uint8Array {
  const wide = count >= 0xff_ff || offset >= limit || sizeBytes >= limit;
  const end64 = Buffer.concat([
    u32(0x06_06_4b_50),
    u64(44),
    u16(wideVersion, wideVersion),
    u32(0, 0),
    u64(count, count, sizeBytes, offset),
  ]);
  const locator = Buffer.concat([u32(0x07_06_4b_50, 0), u64(offset + sizeBytes), u32(1)]);
  const shown = wide ? 0xff_ff : count;
  return Buffer.concat([
    ...(wide ? [end64, locator] : []),
    u32(0x06_05_4b_50),
    u16(0, 0, shown, shown),
    u32(wide ? narrowLimit : sizeBytes, wide ? narrowLimit : offset),
    u16(0),
  ]);
}

/** Fields that both records of a file have. */
function common({ method, crc32 }: PackedFile, sizes: readonly number[]): Uint8Array {
  return Buffer.concat([u16(utf8Flag, method, 0, firstDate), u32(crc32, ...sizes)]);
}

function extraField(fields: readonly number[]): Uint8Array {
  return Buffer.concat([u16(1, 8 * fields.length), u64(...fields)]);
}

function u16(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(values).buffer);
}

function u32(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

function u64(...values: readonly number[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values, BigInt).buffer);
}
