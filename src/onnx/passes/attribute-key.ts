import type { Attribute } from '../attribute.ts';
import { tensorHash } from '../tensor-types/tensor-hash.ts';
import { sameTensor } from '../tensor-types/same-tensor.ts';

/** Tensors in attributes are small; one of more bytes is not read to be compared. */
const mostTensorBytes = 64 * 1024;

/**
 * A text that equal attributes share. Exact, but for tensors, which {@link sameAttributeTensors} must compare. Null
 * for attributes that are not compared: graphs, types, sparse tensors, lists of tensors, large tensors.
 */
export function attributeKey(attribute: Attribute): string | null {
  const content = contentKey(attribute);
  return content === null ? null : `${attribute.name}:${attribute.kind}:${content}`;
}

function contentKey(attribute: Attribute): string | null {
  switch (attribute.kind) {
    case 'int':
      return String(attribute.value);
    case 'ints':
      return attribute.value.join();
    case 'float':
      return floatKey(attribute.value);
    case 'floats':
      return attribute.value.map(floatKey).join();
    case 'string':
      return hex(attribute.value);
    case 'strings':
      return attribute.value.map(hex).join();
    case 'reference':
      return `${attribute.type} ${JSON.stringify(attribute.value)}`;
    case 'tensor':
      return attribute.value.byteLength > mostTensorBytes ? null : tensorHash(attribute.value);
    default:
      return null;
  }
}

/** As String does, but for zeros. */
function floatKey(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Whether two attributes with the same key hold the same tensor, where they hold one. */
export function sameAttributeTensors(a: Attribute | undefined, b: Attribute): boolean {
  if (b.kind !== 'tensor') return true;
  return a?.kind === 'tensor' && sameTensor(a.value, b.value);
}
