"""Quantizes a model by onnxruntime's own Python tools, for `npm run bench:quantize-peer`.

    python quantize_peer.py MODEL.onnx CALIBRATION.npz FOLDER [CONFIG...]

The .npz holds an array an input, one sample along the first axis. Each configuration runs in a process of its own, so
that its peak of memory is its own, and prints one line of JSON: {config, path, seconds, peakRssBytes, error}.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time

configs = ("static", "static-conv-matmul", "dynamic")


def calibration_reader(model_path, data_path):
    import numpy
    import onnxruntime
    from onnxruntime.quantization import CalibrationDataReader

    types = {"tensor(float)": "float32", "tensor(int64)": "int64", "tensor(int32)": "int32"}
    session = onnxruntime.InferenceSession(model_path, providers=["CPUExecutionProvider"])
    with numpy.load(data_path) as data:
        arrays = {i.name: data[i.name].astype(types[i.type]) for i in session.get_inputs()}
    count = len(next(iter(arrays.values())))

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.at = 0

        def get_next(self):
            if self.at >= count:
                return None
            at = self.at
            self.at += 1
            return {name: array[at : at + 1] for name, array in arrays.items()}

    return Reader()


def preprocess(model_path, target):
    """As its documentation asks for; symbolic shapes only where sympy is, or where it can tell them."""
    from onnxruntime.quantization.shape_inference import quant_pre_process

    try:
        quant_pre_process(model_path, target)
    except Exception as error:
        print(f"without symbolic shapes: {error}", file=sys.stderr)
        quant_pre_process(model_path, target, skip_symbolic_shape=True)


def quantize(config, model_path, data_path, target):
    from onnxruntime.quantization import quantize_dynamic, quantize_static

    if config == "dynamic":
        quantize_dynamic(model_path, target)
        return
    more = {"op_types_to_quantize": ["Conv", "MatMul"]} if config == "static-conv-matmul" else {}
    with tempfile.TemporaryDirectory() as folder:
        prepared = os.path.join(folder, "prepared.onnx")
        preprocess(model_path, prepared)
        quantize_static(prepared, target, calibration_reader(prepared, data_path), **more)


def run_one(config, model_path, data_path, target):
    start = time.monotonic()
    error = None
    try:
        quantize(config, model_path, data_path, target)
    except Exception as failure:
        error = f"{type(failure).__name__}: {failure}"
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "config": config,
        "path": target if error is None else None,
        "seconds": round(time.monotonic() - start, 3),
        "peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit,
        "error": error,
    }


def in_child(config, model_path, data_path, folder):
    target = os.path.join(folder, f"{config}.onnx")
    words = [sys.executable, os.path.abspath(__file__), "--one", config, model_path, data_path, target]
    child = subprocess.run(words, capture_output=True, text=True)
    for line in reversed(child.stdout.splitlines()):
        if line.startswith('{"config"'):
            return line
    reason = (child.stderr.strip().splitlines() or [""])[-1]
    error = f"exit code {child.returncode}: {reason}"
    return json.dumps({"config": config, "path": None, "seconds": None, "peakRssBytes": None, "error": error})


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        print(json.dumps(run_one(*sys.argv[2:])))
    else:
        model, data, out, *asked = sys.argv[1:]
        os.makedirs(out, exist_ok=True)
        for name in asked or configs:
            print(in_child(name, model, data, out), flush=True)
