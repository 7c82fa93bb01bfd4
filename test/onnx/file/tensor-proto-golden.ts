/** TensorProtos that the onnx Python package 1.23.2 wrote (`helper.make_tensor`, `numpy_helper.from_array`), in base64. */
export const golden = {
  pbRawF32: 'CAIIAhABQgF4ShAAAIA/AAAAQAAAQEAAAIBA',
  pbI64: 'CAMQBzoTAf7//////////wGBgICAgICAEEIDaWRz',
  pbF16: 'CAIQCioFgHyA6AJCAWg=',
  pbF16Raw: 'CAIQCkIBaEoEAD4AtA==',
  pbBool: 'CAIQCSoCAQBCAW0=',
  pbStr: 'CAIQCDIBYTIDaMOpQgFz',
  pbU32: 'CAIQDEIBdVoGAf////8P',
  pbF64: 'EAtCAWRSCJqZmZmZmbk/',
  pbI4: 'CAMQFioD4QEHQgFx',
  pbBf16: 'CAEQECoCgH9CAWI=',
  pbExternal: 'CAIQAUIBZWoRCghsb2NhdGlvbhIFdy5iaW5wAQ==',
} as const;
