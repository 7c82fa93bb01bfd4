/**
 * Operators that stay float32 unless told otherwise: the list of onnxruntime's float16.py, without Min, Max and TopK,
 * which compare and are exact in float16, with the generators, of which onnxruntime has no float16 kernel on the CPU
 * and, having no float16 input, puts no Casts around, and with transforms that sum up a whole signal.
 */
export const blockedOperators: ReadonlySet<string> = new Set(
  [
    'ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer LabelEncoder',
    'LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor Scaler',
    'TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor ZipMap',
    'NonMaxSuppression RoiAlign Range CumSum CumProd Upsample',
    'RandomNormal RandomNormalLike RandomUniform RandomUniformLike Bernoulli Multinomial EyeLike',
    'HannWindow HammingWindow BlackmanWindow MelWeightMatrix DFT STFT',
  ].flatMap((names) => names.split(' ')),
);
