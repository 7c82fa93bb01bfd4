"""The same loop in Python's onnxruntime. Prints the median in ms."""
import sys
import time

import numpy
import onnxruntime

path, name, dims, warm_up_ms, min_ms = sys.argv[1:6]
shape = [int(dim) for dim in dims.split("x")]
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.log_severity_level = 4
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
data = ((numpy.arange(numpy.prod(shape)) % 97) / 97).astype(numpy.float32).reshape(shape)
until = time.perf_counter() + float(warm_up_ms) / 1000
while time.perf_counter() < until:
    session.run(None, {name: data})
times = []
until = time.perf_counter() + float(min_ms) / 1000
while time.perf_counter() < until:
    start = time.perf_counter()
    session.run(None, {name: data})
    times.append((time.perf_counter() - start) * 1000)
print(sorted(times)[len(times) // 2])
