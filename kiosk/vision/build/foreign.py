"""Another's ONNX classifier brought into this kiosk's form, or refused with the reason.

ONNX's own converter and ONNX Runtime's own optimiser do most of it: they bring an old file up to date, compute what is
constant once the picture's size is fixed, and fold batch norms. What is left is rewritten into the few operators that
are run here, and the global pooling is found. `apart` runs this module in a process of its own.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, version_converter

from kiosk.vision.build.apart import REFUSED, limit_this_process
from kiosk.vision.build.arithmetic_rewrites import write_arithmetic, write_hard_swish
from kiosk.vision.build.graph import prune, rename, shapes, strip_provenance, users
from kiosk.vision.build.onnx_file import BROKEN, EXPORT_AGAIN, first_line, printable, read_model
from kiosk.vision.build.shape_rewrites import name_pooling, write_padding, write_reshapes
from kiosk.vision.classifier import LOAD_ERRORS, OUTPUTS
from kiosk.vision.model_card import ModelError

OPSET = 18
WITH_OPSET = f"export it with opset {OPSET} (PyTorch: opset_version={OPSET}, tf2onnx: --opset {OPSET})"
INPUT = "input"
LOGITS, EMBEDDING, FEATURES = OUTPUTS
ANSWERING = ("Softmax", "LogSoftmax", "Sigmoid")  # none of them changes which answer is the largest
POINTWISE = ("Relu", "Clip", "HardSwish", "QuantizeLinear", "DequantizeLinear")
OWN_DOMAINS = ("", "ai.onnx")
QUANTISED = ("QuantizeLinear", "DequantizeLinear")


def adopt(file: Path, labels: int, side: int) -> onnx.ModelProto:
    """Return a classifier as a graph from one (1, 3, side, side) picture to logits, embedding and features.

    Raises ModelError with one line that names the file and why it does not fit.
    """
    try:
        return _adopted(read_model(file), labels, side)
    except ModelError as error:
        raise ModelError(f"{file}: {printable(str(error))}") from None
    except BROKEN as error:
        raise ModelError(f"{file}: is damaged ({first_line(error)}); {EXPORT_AGAIN}") from None


def _adopted(model: onnx.ModelProto, labels: int, side: int) -> onnx.ModelProto:
    _fix_input(model.graph, side)
    model = _optimised(_up_to_date(model))
    _refuse_foreign_operators(model)
    write_hard_swish(model.graph)
    for write in (write_padding, name_pooling, write_arithmetic, write_reshapes):
        model = _inferred(model)
        write(model.graph)
    model = _inferred(model)
    _name_outputs(model.graph, labels)
    strip_provenance(model)
    onnx.checker.check_model(model, full_check=True)
    _try(model, side)
    return model


def _try(model: onnx.ModelProto, side: int) -> None:
    """Run a model once as it will be run; raises ModelError where that fails."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )
        session.run(OUTPUTS, {INPUT: np.zeros((1, 3, side, side), np.float32)})
    except LOAD_ERRORS as error:
        raise ModelError(f"ONNX Runtime cannot run it ({first_line(error)}); {WITH_OPSET}") from None


def activation_type(model: onnx.ModelProto) -> str | None:
    """Return uint8 or int8, as a model's activations are quantised, None for one in floats."""
    constants = {tensor.name: tensor.data_type for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "QuantizeLinear" and len(node.input) > 2:
            return "int8" if constants.get(node.input[2]) == TensorProto.INT8 else "uint8"
    return None


def _fix_input(graph: onnx.GraphProto, side: int) -> None:
    """Make the input one picture of this size, where it is left open; raises ModelError where it is another."""
    constants = {tensor.name for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in constants]
    if len(inputs) != 1:
        raise ModelError(f"takes {len(inputs)} inputs; a classifier takes a picture")
    tensor = inputs[0].type.tensor_type
    shape = [d.dim_param or d.dim_value or "?" for d in tensor.shape.dim]
    channels_first, channels_last = (1, 3, side, side), (1, side, side, 3)
    if tensor.elem_type != TensorProto.FLOAT:
        kind = TensorProto.DataType.Name(tensor.elem_type).lower()
        raise ModelError(
            f"takes {kind} numbers; export it with an input of floats, before any scaling of bytes"
        )
    if not _fits(shape, channels_first) and not _fits(shape, channels_last):
        shown = " x ".join(map(str, shape))
        raise ModelError(
            f"takes {shown}; the kiosk's pictures are 1 x 3 x {side} x {side}: export it for one picture of "
            "that size (PyTorch: the example input, or dynamic_shapes; tf2onnx: input_signature)"
        )
    if not _fits(shape, channels_first):
        _turn_input(graph, inputs[0])
    del tensor.shape.dim[:]
    for size in channels_first:
        tensor.shape.dim.add().dim_value = size
    del graph.value_info[:]
    for output in graph.output:
        output.type.tensor_type.ClearField("shape")


def _fits(shape: list[int | str], wanted: tuple[int, ...]) -> bool:
    """Return whether a shape, some of it left open, can be the wanted one."""
    return len(shape) == len(wanted) and all(
        not isinstance(given, int) or given == size for given, size in zip(shape, wanted, strict=True)
    )


def _turn_input(graph: onnx.GraphProto, value: onnx.ValueInfoProto) -> None:
    """Let a graph whose channels come last take a picture whose channels come first."""
    channels_last, value.name = value.name, f"{value.name}_channels_first"
    turned = helper.make_node("Transpose", [value.name], [channels_last], "channels_last", perm=[0, 2, 3, 1])
    graph.node.insert(0, turned)


def _up_to_date(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model in a version of ONNX's operators that quantisation and the gradient process know."""
    opset = next((opset.version for opset in model.opset_import if opset.domain in OWN_DOMAINS), 0)
    if opset >= OPSET:
        return model
    try:
        return version_converter.convert_version(model, OPSET)
    except (RuntimeError, version_converter.ConvertError) as error:
        raise ModelError(
            f"its operators, of opset {opset}, cannot be brought to opset {OPSET} ({first_line(error)}); "
            f"{WITH_OPSET}"
        ) from None


def _optimised(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return the model after ONNX Runtime's optimisations that keep to ONNX's own operators."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.log_severity_level = 4
    with tempfile.TemporaryDirectory(prefix="kiosk-add-") as folder:
        options.optimized_model_filepath = str(Path(folder) / "optimised.onnx")
        try:
            onnxruntime.InferenceSession(
                model.SerializeToString(), options, providers=["CPUExecutionProvider"]
            )
        except LOAD_ERRORS as error:
            raise ModelError(f"ONNX Runtime cannot run it ({first_line(error)}); {WITH_OPSET}") from None
        return onnx.load(options.optimized_model_filepath)


def _refuse_foreign_operators(model: onnx.ModelProto) -> None:
    """Raise ModelError for an operator that is not ONNX's own; the optimiser declares others that nothing uses."""
    for node in model.graph.node:
        if node.domain not in OWN_DOMAINS:
            raise ModelError(
                f"operator {node.op_type} ({node.name}) is not ONNX's own, but {node.domain}'s; export it "
                "without that maker's own operators or optimisation"
            )
    own = [opset for opset in model.opset_import if opset.domain in OWN_DOMAINS]
    for opset in [opset for opset in model.opset_import if opset not in own]:
        model.opset_import.remove(opset)


def _inferred(model: onnx.ModelProto) -> onnx.ModelProto:
    try:
        return onnx.shape_inference.infer_shapes(model, strict_mode=True)
    except onnx.shape_inference.InferenceError as error:
        raise ModelError(f"the shapes within it do not fit together ({first_line(error)})") from None


def _before_last_convolution(graph: onnx.GraphProto, pooled: str) -> tuple[str, str]:
    """Return the map that a network's last layer reads, and its mean, where the answer is a global pooling.

    So it is in SqueezeNet: what is taught and what Grad-CAM shows is what stands before the labels' own maps.
    """
    made = {node.output[0]: node for node in graph.node}
    last = made.get(pooled)
    while last is not None and last.op_type in POINTWISE:
        last = made.get(last.input[0])
    if last is None or last.op_type != "Conv":
        raise ModelError("its answer is its global pooling; a layer after it is needed, to be taught")
    features = str(last.input[0])
    pool = helper.make_node("GlobalAveragePool", [features], [f"{features}_mean"], f"{last.name}_mean")
    graph.node.append(pool)
    return features, _embedding(graph, pool)


def _name_outputs(graph: onnx.GraphProto, labels: int) -> None:
    """Make logits, embedding and features the graph's outputs."""
    known = shapes(graph)
    logits = _logits(graph, labels)
    pool = _last_pooling(graph, logits)
    features = pool.input[0]
    embedding = _embedding(graph, pool)
    if embedding == logits:
        features, embedding = _before_last_convolution(graph, features)
    if len(known.get(features, ())) != 4 or features == graph.input[0].name:
        raise ModelError(f"what its global pooling reads ({features}) is no map of features")
    channels = known[features][1]
    names = {logits: LOGITS, embedding: EMBEDDING, features: FEATURES, graph.input[0].name: INPUT}
    taken = set(OUTPUTS) | {INPUT}
    rename(graph, {name: f"{name}_inside" for name in taken - names.keys()} | names)
    del graph.output[:]
    of_outputs = ((1, labels), (1, channels), known[features])
    graph.output.extend(
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in zip(OUTPUTS, of_outputs, strict=True)
    )
    prune(graph)


def _logits(graph: onnx.GraphProto, labels: int) -> str:
    """Return the tensor of logits: what stands before the softmax, if there is one."""
    answers = {
        output.name: [d.dim_value for d in output.type.tensor_type.shape.dim] for output in graph.output
    }
    fitting: list[str] = [name for name, shape in answers.items() if shape == [1, labels]]
    if LOGITS in fitting:
        fitting = [LOGITS]
    if len(fitting) != 1:
        shown = ", ".join(f"{name} of shape {shape}" for name, shape in answers.items())
        raise ModelError(
            f"there are {labels} labels, and its outputs are {shown}; one of [1, {labels}] is needed"
        )
    last = next(node for node in graph.node if fitting[0] in node.output)
    return str(last.input[0]) if last.op_type in ANSWERING else fitting[0]


def _last_pooling(graph: onnx.GraphProto, logits: str) -> onnx.NodeProto:
    """Return the global pooling that the whole answer goes through, which none of a squeeze-and-excite block is."""
    pool: onnx.NodeProto
    for pool in reversed(graph.node):
        if pool.op_type == "GlobalAveragePool" and not _reaches(graph, logits, without=pool):
            return pool
    raise ModelError(
        "has no global average pooling that its whole answer goes through; export a network that pools so "
        "(Keras: GlobalAveragePooling2D, or pooling='avg')"
    )


def _reaches(graph: onnx.GraphProto, wanted: str, *, without: onnx.NodeProto) -> bool:
    """Return whether anything of the input gets to a tensor past a node."""
    reached = {graph.input[0].name}
    for node in graph.node:
        if node != without and reached.intersection(node.input):
            reached.update(node.output)
    return wanted in reached


def _embedding(graph: onnx.GraphProto, pool: onnx.NodeProto) -> str:
    """Return the pooled vector, (1, channels); a Flatten is added where the network goes on without one."""
    reading, name = users(graph), pool.output[0]
    while len(reading.get(name, [])) == 1 and reading[name][0].op_type in QUANTISED:
        name = reading[name][0].output[0]
    for node in reading.get(name, []):
        if node.op_type == "Flatten":
            return str(node.output[0])
    flatten = helper.make_node("Flatten", [name], [f"{name}_flat"], f"{pool.name}_flatten", axis=1)
    graph.node.append(flatten)
    return str(flatten.output[0])


def main(arguments: Sequence[str]) -> int:
    """Write the adopted form of a file, as `apart` asks for; the reason for a refusal is the last line said."""
    file, labels, side, adopted = arguments
    limit_this_process()
    try:
        onnx.save(adopt(Path(file), int(labels), int(side)), adopted)
    except ModelError as error:
        sys.stdout.write(f"{error}\n")
        return REFUSED
    except MemoryError:
        sys.stdout.write(
            f"{file}: asks for more memory than a small network needs; export a smaller network\n"
        )
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
