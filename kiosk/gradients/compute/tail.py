"""What follows the features of a model's graph, with logits that know no limit.

Quantised logits end at their grid's largest number, where a gradient passes no more: of a label that won by far,
nothing could be told.
"""

import onnx
from onnx import helper

FEATURES, OUTPUTS = "features", ("logits", "embedding")
QUANTISES = ("QuantizeLinear", "DequantizeLinear")


def tail_of(model: onnx.ModelProto) -> onnx.ModelProto | None:
    """Return the graph from the features to embedding and logits, which are no more quantised; None for one without."""
    graph = model.graph
    makers = {name: node for node in graph.node for name in node.output}
    if not {FEATURES, *OUTPUTS} <= makers.keys():
        return None
    end = "logits"
    while makers[end].op_type in QUANTISES and makers[end].input[0] in makers:
        end = makers[end].input[0]
    needed, nodes = {end, "embedding"}, []
    for node in reversed(graph.node):  # ONNX keeps them sorted
        if needed.intersection(node.output) and FEATURES not in node.output:
            nodes.append(_renamed(node, end))
            needed.update(node.input)
    values = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in (FEATURES, *OUTPUTS)
    ]
    kept = [constant for constant in graph.initializer if constant.name in needed]
    return helper.make_model(helper.make_graph(nodes[::-1], "tail", values[:1], values[1:], kept))


def _renamed(node: onnx.NodeProto, end: str) -> onnx.NodeProto:
    """Return a node, whose result is called the logits where it is what is quantised to them."""
    copy = onnx.NodeProto()
    copy.CopyFrom(node)
    copy.output[:] = ["logits" if name == end else name for name in node.output]
    return copy
