"""Prints what onnxruntime's Python tools make of small arrays, for python-tools.test.ts:

    python test/quantize/numeric/python_tools.py > test/quantize/numeric/python-tools.jsonl

Needs onnxruntime 1.30, onnx and numpy. Numbers are multiples of 1/64, so that they are exact in float32 and some lie
half-way between two integers.
"""

import json
import os
import tempfile

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantType, quantize_static
from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, DefaultWeightOnlyQuantizer
from onnxruntime.quantization.quant_utils import compute_scale_zp, get_qmin_qmax_for_qType, quantize_data

types = {"int8": TensorProto.INT8, "uint8": TensorProto.UINT8, "int16": TensorProto.INT16, "uint16": TensorProto.UINT16}


def numbers(count, seed):
    return numpy.array([((i * 37 + seed * 11) % 129 - 64) / 64 for i in range(count)], dtype=numpy.float32)


def plain(array):
    return numpy.asarray(array).flatten().tolist()


def scale(low, high, type_name, symmetric, reduced):
    least, most = get_qmin_qmax_for_qType(types[type_name], reduce_range=reduced, symmetric=symmetric)
    ends = [numpy.array(end, dtype=numpy.float32) for end in (low, high)]
    zero_point, found = compute_scale_zp(*ends, least, most, symmetric)
    settings = {"type": type_name, "symmetric": symmetric, "reduced": reduced}
    return {"kind": "scale", "min": float(ends[0]), "max": float(ends[1]), **settings, "scale": float(found), "zeroPoint": int(zero_point)}


def weight(rows, columns, seed, reduced):
    data = numbers(rows * columns, seed).reshape(rows, columns)
    # One channel without weights.
    data[:, 1] = 0
    made = [quantize_data(data[:, c], TensorProto.INT8, True, reduce_range=reduced) for c in range(columns)]
    integers = numpy.stack([quantized for _, _, quantized in made], axis=1)
    return {
        "kind": "weight",
        "dims": [rows, columns],
        "seed": seed,
        "reduced": reduced,
        "scales": [float(found) for _, found, _ in made],
        "integers": plain(integers),
    }


def blocks(rows, columns, bits, size, symmetric):
    data = numbers(rows * columns, bits).reshape(rows, columns)
    config = DefaultWeightOnlyQuantConfig(block_size=size, is_symmetric=symmetric, bits=bits)
    packed, scales, zero_points = DefaultWeightOnlyQuantizer(config).qbits_block_quant(data)
    return {
        "kind": "blocks",
        "k": rows,
        "n": columns,
        "bits": bits,
        "blockSize": size,
        "symmetric": symmetric,
        "b": plain(packed),
        "scales": plain(scales),
        "zeroPoints": None if symmetric else plain(zero_points),
    }


class Once(CalibrationDataReader):
    def __init__(self, tensors):
        self.left = [tensors]

    def get_next(self):
        return self.left.pop() if self.left else None


def convolution(reduced):
    """A Conv with a bias, quantized by ranges: its input, its weight and its bias as they come out."""
    x = numbers(2 * 3 * 4 * 4, 5).reshape(2, 3, 4, 4)
    w, b = numbers(4 * 3 * 3 * 3, 6).reshape(4, 3, 3, 3), numbers(4, 7)
    node = helper.make_node("Conv", ["x", "w", "b"], ["y"])
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", None, None, None])
    constants = [numpy_helper.from_array(w, "w"), numpy_helper.from_array(b, "b")]
    graph = helper.make_graph([node], "g", [value("x")], [value("y")], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, name) for name in ("float.onnx", "quantized.onnx")]
        onnx.save(model, paths[0])
        settings = {"per_channel": True, "reduce_range": reduced, "calibrate_method": CalibrationMethod.MinMax}
        kinds = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8}
        quantize_static(*paths, Once({"x": x}), **settings, **kinds)
        made = {t.name: plain(numpy_helper.to_array(t)) for t in onnx.load(paths[1]).graph.initializer}
    names = ["x_scale", "x_zero_point", "w_quantized", "w_scale", "b_quantized", "b_quantized_scale"]
    return {"kind": "convolution", "reduced": reduced, **{name: made[name] for name in names}}


if __name__ == "__main__":
    ranges = [(-1.5, 2.25), (0.25, 3), (-3, -0.25), (-0.0, 0.0), (-0.1, 0.7), (-1e-39, 1e-39), (-2, 0.02)]
    kinds = [("uint8", False), ("int8", True), ("int8", False), ("uint16", False), ("int16", True)]
    cases = [scale(*ends, *kind, reduced) for ends in ranges for kind in kinds for reduced in (False, True)]
    cases += [weight(6, 5, seed, reduced) for seed in (1, 2) for reduced in (False, True)]
    for rows, size in ((32, 16), (40, 16), (70, 32)):
        cases += [blocks(rows, 3, bits, size, symmetric) for bits in (4, 8) for symmetric in (False, True)]
    cases += [convolution(reduced) for reduced in (False, True)]
    for case in cases:
        print(json.dumps(case))
