"""PyTorch -> float ONNX: static batch and padding, batch norms folded, and only the operators the kiosk runs."""

import logging
import warnings

import onnx
import torch
from onnx import helper, numpy_helper

from kiosk.vision.build.architectures import ThreeOutputs
from kiosk.vision.classifier import OUTPUTS
from kiosk.vision.model_card import ModelError

OPSET = 18


def export(net: ThreeOutputs, input_size: int) -> onnx.ModelProto:
    """Return the network as an ONNX graph with a fixed (1, 3, size, size) input and the kiosk's three outputs."""
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own future changes
        program = torch.onnx.export(
            net.eval(),
            (torch.zeros(1, 3, input_size, input_size),),
            dynamo=True,
            opset_version=OPSET,
            input_names=["input"],
            output_names=list(OUTPUTS),
            external_data=False,
            verbose=False,
        )
    if program is None:
        raise ModelError("export: PyTorch returned no ONNX program")
    model: onnx.ModelProto = program.model_proto
    _name_pooling(model.graph)
    _strip_provenance(model)
    onnx.checker.check_model(model, full_check=True)
    return onnx.shape_inference.infer_shapes(model)


def _name_pooling(graph: onnx.GraphProto) -> None:
    """Write the exporter's ReduceMean over rows and columns, and the Reshape behind it, as what they are.

    Quantisation and ONNX Runtime know GlobalAveragePool and Flatten; they do not see pooling in a ReduceMean.
    """
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    pooled: set[str] = set()
    for node in list(graph.node):
        if node.op_type == "ReduceMean":
            axes = sorted(axis % 4 for axis in constants[node.input[1]].tolist())
            keeps = next((a.i for a in node.attribute if a.name == "keepdims"), 1)
            if axes != [2, 3] or keeps != 1:
                raise ModelError(f"export: {node.name} reduces axes {axes}, which is no global pooling")
            _replace(
                graph, node, helper.make_node("GlobalAveragePool", node.input[:1], node.output, node.name)
            )
            pooled.add(node.output[0])
        elif node.op_type == "Reshape" and node.input[0] in pooled:
            _replace(graph, node, helper.make_node("Flatten", node.input[:1], node.output, node.name, axis=1))
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)


def _replace(graph: onnx.GraphProto, old: onnx.NodeProto, new: onnx.NodeProto) -> None:
    position = next(index for index, node in enumerate(graph.node) if node.output == old.output)
    graph.node[position].CopyFrom(new)


def _strip_provenance(model: onnx.ModelProto) -> None:
    """Remove source paths and stack traces: they differ from machine to machine, the bytes must not."""
    model.doc_string = ""
    del model.metadata_props[:]
    for part in (
        model.graph,
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
    ):
        part.doc_string = ""
        del part.metadata_props[:]
    for tensor in model.graph.initializer:
        tensor.doc_string = ""
        del tensor.metadata_props[:]
