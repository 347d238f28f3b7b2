"""From any picture to a verdict: preprocessing, the ONNX Runtime classifier, and the model build."""
