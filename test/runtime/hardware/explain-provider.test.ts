import { describe, expect, it } from 'vitest';
import { explainProvider, type ProviderFailure } from '../../../src/runtime/hardware/explain-provider.ts';
import { type ProviderName, providerNames, providersOf } from '../../../src/runtime/provider.ts';

/** Texts as onnxruntime-node 1.30 gave them on Linux x64 with each part missing in turn. */
const texts = {
  notInstalled:
    '[E:onnxruntime:onnxruntime-node, provider_bridge_ort.cc:2146 Create] /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1988 onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() [ONNXRuntimeError] : 1 : FAIL : Failed to load library /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_shared.so with error: /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_shared.so: cannot open shared object file: No such file or directory\nOrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
  noCublas:
    'FAIL : Failed to load library /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared object file: No such file or directory\nOrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library',
  noTensorrt:
    'FAIL : Failed to load library /app/libonnxruntime_providers_tensorrt.so with error: libnvinfer.so.10: cannot open shared object file: No such file or directory\nOrtSessionOptionsAppendExecutionProvider_TensorRT: Failed to load shared library',
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

function explain(provider: ProviderName, problem: string, build: Build = 'linux-x64') {
  return explainProvider({ provider, problem, ...builds[build] });
}

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
    for (const provider of providerNames)
      for (const problem of [...Object.values(texts), '']) {
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
