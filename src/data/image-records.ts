import { DataError } from '../errors.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { checkRow } from './check-row.ts';
import type { RecordSource } from './data-record.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { decodeImage, imageSize } from './decode-image.ts';
import type { ImageFolder } from './image-folder.ts';
import { requireImageShape } from './image-shape.ts';
import { imageTensor } from './image-tensor.ts';
import { fixedSize, planResize } from './resize-plan.ts';

const sizeHint = 'give the size that the model takes: --preprocess resize=HEIGHTxWIDTH, or crop=HEIGHTxWIDTH';

/** Images as samples of the one input that takes them, with the class whose folder they lie in. */
export function imageRecords(path: string, folder: ImageFolder, options: DatasetOptions): RecordSource {
  const { batchAxis } = options;
  const preprocess = options.preprocess ?? {};
  const input = imageInput(path, options);
  const shape = requireImageShape(input, { path, batchAxis, preprocess });
  const { files, classes, classNames } = folder;
  const size = fixedSize(shape, preprocess);
  const fileOf = (index: number) => files[index] ?? path;
  return {
    path,
    size: files.length,
    hasLabels: classes !== null,
    classNames,
    hasPairs: false,
    originOf: fileOf,
    quickKey: async (index) => {
      const { height, width } = size ?? planResize(await imageSize(fileOf(index)), shape, preprocess).framed;
      return `${height}x${width}`;
    },
    async load(index) {
      const file = fileOf(index);
      const { pixels, plan } = await decodeImage(file, (own) => planResize(own, shape, preprocess));
      const tensor = imageTensor(pixels, { shape, preprocess, plan, type: input.type });
      checkRow(input, tensor.dims, { path: file, batchAxis, hint: sizeHint });
      const inputs = { [input.name]: tensor };
      return { inputs, pair: null, label: classLabel(classes, index), expected: null };
    },
    close: () => undefined,
  };
}

function classLabel(classes: Uint32Array | null, index: number) {
  if (classes === null) return null;
  return { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(classes[index] ?? 0)) } as const;
}

/** The only input that the user does not give otherwise. */
function imageInput(path: string, { inputs, given }: DatasetOptions): ValueSignature {
  const [first, ...others] = inputs.filter(({ name }) => !given.has(name));
  const other = others[0];
  if (!first)
    throw new DataError('data-unsupported', {
      path,
      problem: 'every input is given by --input; leave one to the images',
    });
  if (other === undefined) return first;
  throw new DataError('data-missing-input', { path, input: other.name, found: [`images for ${first.name}`] });
}
