// Writes an ONNX model of a given size by hand, byte by byte of the protobuf wire format: nothing of infer takes part.
import { closeSync, openSync, writeSync } from 'node:fs';

const varint = (value) => {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
};
const field = (number, body) => Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
const number = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const text = (number, value) => field(number, Buffer.from(value));

const rows = 1024;
const columns = 4096;
const tensorBytes = rows * columns * 4;

/** A tensor's message without its data, which come right behind. */
const tensorHead = (index) => {
  const dims = index % 2 === 0 ? [rows, columns] : [columns, rows];
  return Buffer.concat([
    number(1, dims[0]),
    number(1, dims[1]),
    number(2, 1),
    text(8, `w${index}`),
    varint(9 * 8 + 2),
    varint(tensorBytes),
  ]);
};

const valueInfo = (name, dims) => {
  const shape = Buffer.concat(dims.map((dim) => field(1, number(1, dim))));
  return Buffer.concat([text(1, name), field(2, field(1, Buffer.concat([number(1, 1), field(2, shape)])))]);
};

/** A chain of MatMul + Tanh with one 16 MiB weight each, about `bytes` long. Returns its exact size. */
export function writeEngineModel(path, bytes) {
  const count = Math.max(2, 2 * Math.round(bytes / tensorBytes / 2));
  const nodes = Array.from({ length: count }, (_, i) => [
    field(
      1,
      Buffer.concat([text(1, `t${i}`), text(1, `w${i}`), text(2, `m${i}`), text(3, `matmul${i}`), text(4, 'MatMul')]),
    ),
    field(1, Buffer.concat([text(1, `m${i}`), text(2, `t${i + 1}`), text(3, `tanh${i}`), text(4, 'Tanh')])),
  ]).flat();
  const heads = Array.from({ length: count }, (_, i) => {
    const head = tensorHead(i);
    return Buffer.concat([varint(5 * 8 + 2), varint(head.length + tensorBytes), head]);
  });
  const ends = [field(11, valueInfo('t0', [1, rows])), field(12, valueInfo(`t${count}`, [1, rows]))];
  const start = Buffer.concat([...nodes, text(2, 'engine')]);
  const graphBytes =
    start.length +
    heads.reduce((sum, head) => sum + head.length + tensorBytes, 0) +
    ends.reduce((sum, end) => sum + end.length, 0);
  const file = openSync(path, 'w');
  const data = Buffer.alloc(tensorBytes);
  const floats = new Float32Array(data.buffer, data.byteOffset, rows * columns);
  for (let i = 0; i < floats.length; i++) floats[i] = ((i * 2654435761) % 2000) / 1e6 - 0.001;
  writeSync(
    file,
    Buffer.concat([
      number(1, 8),
      text(2, 'engine'),
      field(8, number(2, 17)),
      varint(7 * 8 + 2),
      varint(graphBytes),
      start,
    ]),
  );
  for (const [index, head] of heads.entries()) {
    // No two weights alike, so that nothing can be shared.
    floats[0] = index / 1e6;
    writeSync(file, head);
    for (let at = 0; at < data.length;) at += writeSync(file, data, at);
  }
  for (const end of ends) writeSync(file, end);
  closeSync(file);
}
