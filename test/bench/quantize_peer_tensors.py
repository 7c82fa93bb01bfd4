"""Quantizes a model by onnxruntime's own Python tools with named settings, for the section `tensors` of
`npm run bench:quantize-peer`.

    python quantize_peer_tensors.py MODEL.onnx CALIBRATION.npz FOLDER CONFIG...

CONFIG is `dynamic`, `static`, `blocks4` or `blocks8`, with `-tensor` for one scale a weight, `-reduced` for 7 bits,
`-symmetric` for blocks without zero points, `-16` … `-256` for another size of blocks than 32. Prints one line of JSON
each: {config, path, error}.
"""

import json
import os
import sys

import numpy
import onnx
from onnx import helper, numpy_helper

from quantize_peer import calibration_reader


def with_products(model):
    """Gemm as MatMul and Add: the dynamic quantizer and that of blocks know MatMul alone. Weights keep their names."""
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        plain = all(attributes.get(name, 1.0) == 1.0 for name in ("alpha", "beta")) and not attributes.get("transA")
        if node.op_type != "Gemm" or node.input[1] not in constants or not plain:
            nodes.append(node)
            continue
        weight = constants[node.input[1]]
        if attributes.get("transB"):
            transposed = numpy.ascontiguousarray(numpy_helper.to_array(weight).T)
            weight.CopyFrom(numpy_helper.from_array(transposed, weight.name))
        product = node.output[0] + "_product" if len(node.input) > 2 else node.output[0]
        nodes.append(helper.make_node("MatMul", list(node.input[:2]), [product], name=node.name))
        if len(node.input) > 2:
            nodes.append(helper.make_node("Add", [product, node.input[2]], [node.output[0]], name=node.name + "_add"))
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def quantize_blocks(model_path, target, words):
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, MatMulNBitsQuantizer

    sizes = [int(word) for word in words if word.isdigit()]
    config = DefaultWeightOnlyQuantConfig(
        block_size=sizes[0] if sizes else 32,
        is_symmetric="symmetric" in words,
        accuracy_level=4,
        bits=8 if words[0] == "blocks8" else 4,
    )
    quantizer = MatMulNBitsQuantizer(with_products(onnx.load(model_path)), algo_config=config)
    quantizer.process()
    onnx.save(quantizer.model.model, target)


def quantize_whole(model_path, data_path, target, words):
    from onnxruntime.quantization import CalibrationMethod, QuantType, quantize_dynamic, quantize_static

    shared = {"per_channel": "tensor" not in words, "reduce_range": "reduced" in words}
    if words[0] == "dynamic":
        products = target + ".products"
        onnx.save(with_products(onnx.load(model_path)), products)
        quantize_dynamic(products, target, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"], **shared)
        return
    reader = calibration_reader(model_path, data_path)
    method = CalibrationMethod.MinMax
    types = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8}
    quantize_static(model_path, target, reader, calibrate_method=method, **types, **shared)


def quantize(config, model_path, data_path, target):
    words = config.split("-")
    if words[0].startswith("blocks"):
        quantize_blocks(model_path, target, words)
    else:
        quantize_whole(model_path, data_path, target, words)


if __name__ == "__main__":
    model, data, folder, *configs = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for name in configs:
        path, error = os.path.join(folder, f"{name}.onnx"), None
        try:
            quantize(name, model, data, path)
        except Exception as failure:
            error = f"{type(failure).__name__}: {failure}"
        print(json.dumps({"config": name, "path": path if error is None else None, "error": error}), flush=True)
