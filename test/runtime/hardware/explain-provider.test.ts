import { describe, expect, it } from 'vitest';
import { explainProvider, type ProviderFailure } from '../../../src/runtime/hardware/explain-provider.ts';
import { type NodeProviderName, nodeProviderNames, providersOf } from '../../../src/runtime/provider.ts';

/** Texts as onnxruntime-node 1.30 gave them on Linux x64 with each part missing in turn. */
const texts = {
  notInstalled:
    '[E:onnxruntime:onnxruntime-node, provider_bridge_ort.cc:2146 Create] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_shared.so with error: /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory\nOrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
  noCublas:
    'FAIL : Failed to load library /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory\nOrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
  noTensorrt:
    'FAIL : Failed to load library /app/libonnxruntime_providers_tensorrt.so with error: libnvinfer.so.10: cannot open shared object file: No such file or directory\nOrtSessionOptionsAppendExecutionProvider_TensorRT: Failed to load shared library',
  // The provider's library for CUDA 13 with the CUDA of PyPI, and in the driver's place one that answers with an error.
  noDriverLibrary:
    'FAIL : Failed to load library /app/libonnxruntime_providers_cuda.so with error: libcuda.so.1: cannot open shared object file: No such file or directory\n\nOrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
  failure: (number: number, said: string) =>
    `/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_call.cc:146 std::conditional_t<THRW, void, onnxruntime::common::Status> onnxruntime::CudaCall(ERRTYPE, const char*, const char*, SUCCTYPE, const char*, const char*, int) [with ERRTYPE = cudaError; bool THRW = true; SUCCTYPE = cudaError; std::conditional_t<THRW, void, common::Status> = void] CUDA failure ${number}: ${said} ; GPU=-1 ; hostname=host ; file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider.cc ; line=352 ; expr=cudaSetDevice(info_.device_id); \n\n`,
  messageOnly: 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
  noAdapter:
    '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 onnxruntime::webgpu::WebGpuContext::Initialize(const onnxruntime::webgpu::WebGpuContextConfig&)::<lambda()> adapter_result.status == wgpu::RequestAdapterStatus::Success was false. Failed to get a WebGPU adapter: No supported adapters\n',
  oldMesa:
    'Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.\n - While initializing adapter (backend=BackendType::Vulkan)\n',
  noLoader:
    "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory\n",
  noDriver:
    'Warning: vkCreateInstance: Found no drivers!\nWarning: vkCreateInstance failed with VK_ERROR_INCOMPATIBLE_DRIVER\n',
};

/** `platform-arch` as in the names of onnxruntime-node's builds. */
type Build = `${'linux' | 'darwin' | 'win32'}-${'x64' | 'arm64'}`;
const builds: Readonly<Record<Build, Pick<ProviderFailure, 'platform' | 'arch'>>> = {
  'linux-x64': { platform: 'linux', arch: 'x64' },
  'linux-arm64': { platform: 'linux', arch: 'arm64' },
  'darwin-x64': { platform: 'darwin', arch: 'x64' },
  'darwin-arm64': { platform: 'darwin', arch: 'arm64' },
  'win32-x64': { platform: 'win32', arch: 'x64' },
  'win32-arm64': { platform: 'win32', arch: 'arm64' },
};

function explain(provider: NodeProviderName, problem: string, build: Build = 'linux-x64') {
  return explainProvider({ provider, problem, ...builds[build] });
}

/** What CUDA 13 itself says of each of its errors, in the words of onnxruntime. */
const failures = [
  [
    35,
    'CUDA driver version is insufficient for CUDA runtime version',
    /too old/,
    /525\.60\.13 for CUDA 12, 580 for CUDA 13/,
  ],
  [46, 'CUDA-capable device(s) is/are busy or unavailable', /busy/, /compute-mode/],
  [100, 'no CUDA-capable device is detected', /no NVIDIA GPU is visible/, /--gpus all/],
  [101, 'invalid device ordinal', /no GPU of that number/, /--device/],
  [802, 'system not yet initialized', /connection between the GPUs/, /nvidia-fabricmanager/],
  [803, 'system has unsupported display driver / cuda driver combination', /different versions/, /module/],
  [804, 'forward compatibility was attempted on non supported HW', /compatibility library/, /cuda-compat/],
  [999, 'unknown error', /does not tell/, /nvidia-uvm/],
] as const;

describe('explainProvider for CUDA and TensorRT', () => {
  it('tells a library that was never fetched from one that lacks a dependency', () => {
    expect(explain('cuda', texts.notInstalled).reason).toContain('not installed (libonnxruntime_providers_shared.so)');
    expect(explain('cuda', texts.noCublas).reason).toBe(
      'libcublasLt.so.12, which CUDA needs, is not on the library path',
    );
  });

  it('names the one value of the install variable that works', () => {
    expect(explain('cuda', texts.notInstalled).cure).toContain(
      'ONNXRUNTIME_NODE_INSTALL=true npm rebuild onnxruntime-node',
    );
    expect(explain('cuda', texts.messageOnly).cure).toContain('cuDNN 9');
  });

  it.each([
    ['libcublasLt.so.13', 'install CUDA 13'],
    ['libcudart.so.12', 'install CUDA 12'],
    ['libcudnn.so.9', 'install cuDNN 9'],
    ['libnvinfer.so.10', 'install TensorRT 10'],
    ['libcuda.so.1', 'install the NVIDIA driver'],
  ])('takes the version to install from the name of %s', (library, start) => {
    const problem = texts.noCublas.replace('libcublasLt.so.12', library);
    expect(explain('cuda', problem).cure.startsWith(start)).toBe(true);
  });

  it('names every library that is missing, and each package once', () => {
    const missingLibraries = [
      'libcublasLt.so.13',
      'libcublas.so.13',
      'libcurand.so.10',
      'libcudart.so.13',
      'libcuda.so.1',
    ];
    const problem = texts.noCublas.replace('libcublasLt.so.12', 'libcublasLt.so.13');
    const { reason, cure } = explainProvider({ provider: 'cuda', problem, missingLibraries, ...builds['linux-x64'] });
    expect(reason).toBe(
      'libcublasLt.so.13, libcublas.so.13, libcurand.so.10, libcudart.so.13 and libcuda.so.1, which CUDA needs, are not on the library path',
    );
    expect(cure).toBe(
      'install CUDA 13 and put the folders of these libraries on LD_LIBRARY_PATH, and install the NVIDIA driver, or start the container with `--gpus all`',
    );
  });

  it('does not take the version of curand for that of CUDA', () => {
    const curand = explain('cuda', texts.noCublas.replace('libcublasLt.so.12', 'libcurand.so.10'));
    expect(curand.cure).toMatch(/^install CUDA and put its folder/);
  });

  it('names CUDA, cuDNN and TensorRT by the majors that the library asks for', () => {
    const missingLibraries = [
      'libcublas.so.13',
      'libnvinfer.so.10',
      'libnvonnxparser.so.10',
      'libcudart.so.13',
      'libcudnn.so.9',
    ];
    const problem = texts.noTensorrt.replace('libnvinfer.so.10', 'libcublas.so.13');
    const { cure } = explainProvider({ provider: 'tensorrt', problem, missingLibraries, ...builds['linux-x64'] });
    expect(cure).toMatch(/^install CUDA 13, TensorRT 10 and cuDNN 9 and put/);
  });

  it('knows that the driver alone is missing', () => {
    expect(explain('cuda', texts.noDriverLibrary)).toEqual({
      reason: 'libcuda.so.1, which CUDA needs, is not on the library path',
      cure: 'install the NVIDIA driver, or start the container with `--gpus all`',
    });
  });

  it.each(failures)('explains CUDA failure %i, %s', (number, said, reason, cure) => {
    const explained = explain('cuda', texts.failure(number, said));
    expect(explained.reason).toMatch(reason);
    expect(explained.cure).toMatch(cure);
    for (const clause of Object.values(explained)) expect(clause).toMatch(/^[a-zC].*[^.]$/);
  });

  it.each([
    [
      "/opt/cuda/lib64/libcublas.so.12: version `libcublas.so.12' not found (required by /app/libonnxruntime_providers_cuda.so)",
      'libcublas.so.12 does not fit: libcublas.so.12 is missing',
    ],
    [
      '/app/libonnxruntime_providers_cuda.so: undefined symbol: cublasLtMatmul',
      'libonnxruntime_providers_cuda.so does not fit: cublasLtMatmul is missing',
    ],
    ['/opt/libcudnn.so.9: file too short', 'libcudnn.so.9 does not fit: its file is damaged'],
  ])('tells a wrong library from a missing one: %s', (said, reason) => {
    expect(explain('cuda', `FAIL : Failed to load library /app/x.so with error: ${said}`).reason).toBe(reason);
  });

  it('knows the text of a cuDNN that is not there', () => {
    expect(explain('cuda', 'Unable to find symbol cudnnGetVersion').cure).toMatch(/^install cuDNN 9/);
  });

  it('states what TensorRT cannot do through Node', () => {
    expect(explain('tensorrt', texts.notInstalled).cure).toMatch(/deviceId only.*FP32/);
    expect(explain('tensorrt', texts.noTensorrt).cure).toContain('install TensorRT 10');
  });

  it('knows a machine without a GPU and one with an old driver', () => {
    expect(explain('cuda', 'CUDA failure 100: no CUDA-capable device is detected ; GPU=-1').reason).toContain(
      'no NVIDIA GPU',
    );
    const old = 'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version';
    expect(explain('cuda', old).cure).toContain('newer NVIDIA driver');
  });
});

describe('explainProvider for WebGPU', () => {
  it.each([
    [texts.oldMesa, /lacks .*shaderUniform\*ArrayDynamicIndexing/],
    [texts.noLoader, /libvulkan\.so\.1/],
    [texts.noDriver, /no Vulkan driver/],
    ['', /no GPU adapter/],
  ])('tells apart what stderr shows: %j', (log, reason) => {
    expect(explain('webgpu', log + texts.noAdapter).reason).toMatch(reason);
  });

  it('speaks of Metal and Direct3D elsewhere', () => {
    expect(explain('webgpu', texts.noAdapter, 'darwin-arm64').cure).toContain('Metal');
    expect(explain('webgpu', texts.noAdapter, 'win32-x64').cure).toContain('Direct3D 12');
  });
});

describe('explainProvider elsewhere', () => {
  it('says where a provider lives that this build lacks', () => {
    const problem = 'no available backend found. ERR: [coreml] backend not found.';
    expect(explain('coreml', problem)).toEqual({
      reason: 'onnxruntime-node for linux x64 has no coreml provider',
      cure: 'choose another provider, for this one is only in the builds for macOS on Apple silicon',
    });
    expect(explain('cuda', '', 'linux-arm64').cure).toContain('Linux x64');
  });

  it.each([
    ["Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'", /no binary/],
    ['libonnxruntime.so.1: cannot open shared object file: No such file or directory', /incomplete/],
    ['Error loading shared library ld-linux-x86-64.so.2: No such file or directory', /musl/],
    ["/lib64/libm.so.6: version `GLIBC_2.27' not found (required by x)", /GLIBC_2\.27/],
  ])('explains a binding that does not load: %s', (problem, reason) => {
    expect(explain('cpu', problem).reason).toMatch(reason);
  });

  it('keeps a text it does not know, without colors and source locations', () => {
    const colored = '\u001b[1;31m/onnxruntime_src/core/x.cc:7 f(int) Something new happened\n\u001b[m';
    expect(explain('cuda', colored).reason).toBe('onnxruntime said: Something new happened');
    expect(explain('dml', '', 'win32-x64').reason).toBe('onnxruntime gave no reason');
  });

  it('gives clauses that fit into a sentence', () => {
    for (const provider of nodeProviderNames)
      for (const problem of [...Object.values(texts).filter((text) => typeof text === 'string'), '']) {
        const { reason, cure } = explain(provider, problem);
        expect(cure).toMatch(/^[a-z].*[^.]$/);
        expect(reason).toMatch(/^[a-z].*[^.]$/);
      }
  });
});

describe('providersOf', () => {
  it('follows the table of the onnxruntime-node README', () => {
    expect(providersOf('linux', 'x64')).toEqual(['cpu', 'webgpu', 'cuda', 'tensorrt']);
    expect(providersOf('linux', 'arm64')).toEqual(['cpu']);
    expect(providersOf('win32', 'x64')).toEqual(['cpu', 'dml', 'webgpu']);
    expect(providersOf('darwin', 'arm64')).toEqual(['cpu', 'coreml', 'webgpu']);
  });
});
