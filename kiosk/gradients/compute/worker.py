"""The gradient process: one connection at a time, a thread that reads requests and a thread that computes."""

import hashlib
import logging
import os
import socket
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from numpy.typing import NDArray

from kiosk.device.freed_memory import give_back, not_overwriting
from kiosk.device.systemd import notify
from kiosk.errors import BadArgumentError, KioskError
from kiosk.gradients import protocol
from kiosk.gradients.compute.attacks import Attacker
from kiosk.gradients.compute.cell_maps import cell_map
from kiosk.gradients.compute.network import Network
from kiosk.gradients.compute.print_proof import print_proof_step
from kiosk.gradients.compute.stages import stages
from kiosk.gradients.compute.taught import TaughtHead, TaughtLayers, TaughtPatches
from kiosk.gradients.compute.training import EpochFigures, train_head
from kiosk.gradients.inbox import CancelledError, Inbox, Queued
from kiosk.gradients.protocol import Array, HeadLayers, HeadPatches, ProtocolError, Request, Response
from kiosk.recapture.proof import Proof
from kiosk.vision.examples import Examples
from kiosk.vision.model_card import ModelError

log = logging.getLogger(__name__)

RECEIVE_BYTES = 1 << 20


def serve(where: Path | socket.socket, *, threads: int, with_parent: bool) -> None:
    """Answer connections, one after another; with a parent, end when it lets go of our input.

    `where`: a path to listen at, or the socket that systemd listens at; systemd then hears when it is answered.
    """
    if with_parent:
        threading.Thread(target=_exit_with_parent, name="parent", daemon=True).start()
    torch.set_num_threads(threads)
    with listening(where) if isinstance(where, Path) else where as listener:
        if listener is where:
            notify("READY=1")
        log.info("event=listening threads=%d", threads)
        while True:
            connection, _ = listener.accept()
            with connection:
                Conversation(connection).run()
            log.info("event=disconnected")


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """Yield a listening socket in a folder that only this user can enter; raises BadArgumentError otherwise."""
    try:
        folder = path.parent.stat()
    except OSError as error:
        raise BadArgumentError(f"{path.parent}: {error.strerror}; make that folder with mode 700") from None
    if folder.st_uid != os.getuid() or stat.S_IMODE(folder.st_mode) & 0o077:
        raise BadArgumentError(
            f"{path.parent}: others can enter this folder; it must be yours, with mode 700"
        )
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        try:
            path.unlink(missing_ok=True)
            listener.bind(str(path))
        except OSError as error:
            raise BadArgumentError(f"{path}: cannot listen there ({error.strerror or error})") from None
        listener.listen(1)
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


def _exit_with_parent() -> None:
    """Leave at once when standard input ends: the kernel closes it however the parent dies."""
    while sys.stdin.buffer.read(4096):
        pass
    os._exit(0)


class Conversation:
    """One caller's connection; the loaded model ends with it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._inbox = Inbox()
        self._model_file: BinaryIO | None = None
        self._model: tuple[protocol.LoadModel, Attacker] | None = None

    def run(self) -> None:
        """Answer until the caller is gone or sends what is no message."""
        reader = threading.Thread(target=self._read, name="requests", daemon=True)
        reader.start()
        while (request := self._inbox.take()) is not None:
            self._answer(request)
            del request  # a visitor's arrays do not outlive their job
        self._hang_up()
        reader.join()
        if self._model_file is not None:
            self._model_file.close()

    def _read(self) -> None:
        incoming = protocol.Incoming(Request)
        try:
            while received := self._received():
                for request in incoming.feed(received):
                    self._receive(request)
        except ProtocolError as error:
            log.warning("event=connection_closed reason=%s", error)
        except OSError as error:
            log.info("event=connection_lost reason=%s", error)
        finally:
            self._hang_up()
            self._inbox.close()

    def _received(self) -> bytes:
        """Return what has arrived, nothing once the caller is gone; keep the model file that came along."""
        received, descriptors, _, _ = socket.recv_fds(self._connection, RECEIVE_BYTES, 1)
        for descriptor in descriptors:
            if self._model_file is not None:
                self._model_file.close()
            self._model_file = os.fdopen(descriptor, "rb")
        return received

    def _receive(self, request: Request) -> None:
        match request:
            case protocol.Ping():
                self._send(protocol.Pong(request.job, pid=os.getpid(), busy=self._inbox.busy))
            case protocol.Cancel():
                if self._inbox.cancel(request.job):
                    self._send(protocol.Cancelled(request.job))
            case _:
                pushed_out = self._inbox.put(request)
                if pushed_out is not None:
                    self._send(protocol.Cancelled(pushed_out))

    def _answer(self, request: Queued) -> None:
        """Send a request's replies. A process boundary: what is expected to go wrong inside a job ends that job alone.

        Anything else ends the process once it is told, since nobody knows what state it is in: without memory, it
        would live on and refuse one job after another.
        """
        try:
            for reply in self._replies(request):
                self._send(reply)
        except CancelledError:
            self._send(protocol.Cancelled(request.job))
        except KioskError as error:
            self._send(protocol.Refused(request.job, reason=str(error)))
        except Exception as error:
            log.exception("event=job_failed kind=%s", type(request).__name__)
            self._send(
                protocol.Refused(request.job, reason=f"the gradient process failed: {type(error).__name__}")
            )
            sys.exit(1)

    def _replies(self, request: Queued) -> Iterator[Response]:
        match request:
            case protocol.LoadModel():
                self._model = request, _load(request, self._model_file)
                yield protocol.Loaded(request.job)
            case protocol.ForgetVisitor():
                self._overwrite()
                yield protocol.Finished(request.job)
            case protocol.AttackStep():
                yield self._step(request)
            case protocol.Least():
                yield from self._least(request)
            case protocol.PrintProofStep():
                yield self._print_proof(request)
            case protocol.DrawMaps():
                yield self._maps(request)
            case protocol.OddsGradient():
                yield self._odds_gradient(request)
            case protocol.LookInside():
                yield self._inside(request)
            case protocol.Train():
                yield self._train(request)

    def _step(self, request: protocol.AttackStep) -> Response:
        attacker, side = self._attacker(request.label, request.head)
        following = attacker.step(
            request.method,
            _picture(request.iterate, side, np.float32),
            _picture(request.original, side, np.float32),
            request.label,
            request.step_255,
            request.budget_255,
        )
        return protocol.Stepped(request.job, iterate=Array.of(following))

    def _least(self, request: protocol.Least) -> Iterator[Response]:
        attacker, side = self._attacker(request.label, request.head)
        original = _picture(request.original, side, np.float32)
        begin = None if request.begin is None else _picture(request.begin, side, np.float32)
        search = attacker.least(
            original,
            request.label,
            request.steps,
            begin,
            away=request.away,
            confidence=request.confidence,
        )
        for following in search:
            self._inbox.check(request.job)
            yield protocol.Iterate(request.job, iterate=Array.of(following))
        yield protocol.Finished(request.job)

    def _print_proof(self, request: protocol.PrintProofStep) -> Response:
        attacker, side = self._attacker(request.label, request.head)
        if not 0 <= request.step < request.preset.gradients:
            raise BadArgumentError(f"step {request.step} of {request.preset.gradients}")
        iterate, momentum, original = (
            _picture(array, side, np.float32)
            for array in (request.iterate, request.momentum, request.original)
        )
        proof = print_proof_step(
            attacker,
            Proof(iterate, momentum, view=np.empty(0, np.uint8)),
            original,
            request.label,
            request.step,
            request.preset,
            request.ranges,
            request.seed,
        )
        return protocol.PrintProofed(
            request.job,
            iterate=Array.of(proof.iterate),
            momentum=Array.of(proof.momentum),
            view=Array.of(proof.view),
        )

    def _maps(self, request: protocol.DrawMaps) -> Response:
        attacker, side = self._attacker(request.label, request.head, request.against)
        maps: list[protocol.Cells] = []

        def tell(share: float) -> None:
            self._inbox.check(request.job)
            done = (len(maps) + share) / len(request.pictures)
            self._send(protocol.Advanced(request.job, share=done))

        for array in request.pictures:
            self._inbox.check(request.job)
            picture = _picture(array, side, np.uint8)
            drawn = cell_map(attacker, request.method, picture, request.label, request.against, tell)
            maps.append(protocol.Cells(Array.of(drawn.cells), drawn.rest, drawn.exact))
        return protocol.Mapped(request.job, maps=tuple(maps))

    def _odds_gradient(self, request: protocol.OddsGradient) -> Response:
        attacker, side = self._attacker(request.label, request.head, request.against)
        picture = _picture(request.picture, side, np.uint8).astype(np.float32)
        gradient = attacker.odds_gradient(picture, request.label, request.against)
        return protocol.GradientTaken(request.job, gradient=Array.of(gradient))

    def _inside(self, request: protocol.LookInside) -> Response:
        attacker, side = self._attacker(0, None)
        seen = stages(attacker, [_picture(array, side, np.uint8) for array in request.pictures])
        told = [
            protocol.StageSeen(each.rows, each.channels, each.changes, each.moved, Array.of(each.maps))
            for each in seen
        ]
        return protocol.InsideSeen(request.job, stages=tuple(told))

    def _train(self, request: protocol.Train) -> Response:
        examples = Examples(
            request.names, _finite(request.embeddings.values()), request.labels, request.bursts
        )

        def tell(figures: EpochFigures) -> None:
            self._inbox.check(request.job)
            self._send(protocol.EpochDone(request.job, **asdict(figures)))

        training = train_head(examples, request.recipe, tell)
        return protocol.Trained(
            request.job,
            layers=HeadLayers.of(training.mean, training.spread, training.layers),
            least_likeness=training.least_likeness,
            least_confidence=training.least_confidence,
            predicted=training.predicted,
        )

    def _overwrite(self) -> None:
        """Let a grey picture take the place of the visitor's in all that PyTorch keeps for the next gradient."""
        if self._model is not None:
            model, attacker = self._model
            attacker.gradient(_grey(model.side), 0)
        give_back()

    def _attacker(
        self, label: int, head: HeadLayers | HeadPatches | None, against: int | None = None
    ) -> tuple[Attacker, int]:
        if self._model is None:
            raise ModelError("no model is loaded; send LoadModel first")
        model, attacker = self._model
        count = model.labels
        if head is not None:
            taught = _taught(head)
            attacker, count = attacker.taught(taught), taught.labels
        for named in (label, *(() if against is None else (against,))):
            if not 0 <= named < count:
                raise BadArgumentError(f"label {named}: the model's labels are 0 to {count - 1}")
        return attacker, model.side

    def _send(self, reply: Response) -> None:
        try:
            with self._sending:
                self._connection.sendall(protocol.encode(reply))
        except OSError:
            self._inbox.close()

    def _hang_up(self) -> None:
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError as error:
            log.debug("event=already_disconnected reason=%s", error)


def _load(model: protocol.LoadModel, file: BinaryIO | None) -> Attacker:
    """Return the model in a file, warmed up; raises ModelError unless it is the one the caller runs."""
    if file is None:
        raise ModelError(f"{model.name}: its file was not passed on")
    file.seek(0)
    content = file.read()
    if hashlib.sha256(content).hexdigest() != model.sha256:
        raise ModelError(f"{model.name}: is another model than the one in use; start the exhibit again")
    network = Network.from_bytes(content, model.name)
    attacker = Attacker(network, model.mean, model.std, around_gradient=not_overwriting)
    attacker.gradient(_grey(model.side), 0)
    return attacker


def _grey(side: int) -> NDArray[np.float32]:
    return np.full((side, side, 3), 127, np.float32)


def _picture(array: Array, side: int, dtype: type[np.generic]) -> NDArray[Any]:
    """Return a wire array that must be one picture of the model's grid; raises BadArgumentError."""
    values = array.values()
    if values.shape != (side, side, 3) or values.dtype != dtype:
        raise BadArgumentError(
            f"a picture of shape {values.shape} {values.dtype}; the model takes ({side}, {side}, 3) {dtype.__name__}"
        )
    return _finite(values)


def _finite(values: NDArray[Any]) -> NDArray[Any]:
    if not np.isfinite(values).all():
        raise BadArgumentError("an array with infinite or undefined values")
    return values


def _taught(head: HeadLayers | HeadPatches) -> TaughtHead:
    """Return a wire head; raises BadArgumentError where its arrays do not fit one another."""
    return _layers(head) if isinstance(head, HeadLayers) else _patches(head)


def _layers(head: HeadLayers) -> TaughtLayers:
    mean = _finite(head.mean.values())
    weights, biases = ([_finite(array.values()) for array in part] for part in (head.weights, head.biases))
    widths = [mean.shape, *(bias.shape for bias in biases)]
    expected = [(*after, *before) for before, after in pairwise(widths)]
    if not weights or [weight.shape for weight in weights] != expected or not head.spread > 0:
        raise BadArgumentError("a head whose layers do not fit one another; teach it again")
    return TaughtLayers.of(mean, head.spread, weights, biases)


def _patches(head: HeadPatches) -> TaughtPatches:
    mean, axes, patches = (_finite(array.values()) for array in (head.mean, head.axes, head.patches))
    shapes = (mean.shape, axes.shape, patches.shape)
    width, count = axes.shape[0], sum(head.counts)
    if shapes != (mean.shape[:1], (width, *mean.shape), (count, width)) or min(head.counts, default=0) < 1:
        raise BadArgumentError("a head whose patches do not fit one another; teach it again")
    return TaughtPatches.of(mean, axes, patches, head.counts, head.scale)
