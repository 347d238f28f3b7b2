"""The thread of the model: whatever a library raises on a bad file is told, and tried again, never the thread's end."""

import queue

import pytest

from kiosk.perform import classify_thread
from kiosk.perform.classify_thread import ClassifyThread
from kiosk.vision.classifier import Classifier
from kiosk.vision.model_card import ModelError


@pytest.mark.parametrize("fault", [ModelError("cut off"), OSError("gone"), RuntimeError("Unsupported opset")])
def test_a_model_that_does_not_open_is_told_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(classify_thread, "RETRY_OPEN_S", 0.01)
    told: queue.SimpleQueue[Classifier | Exception] = queue.SimpleQueue()

    def refuse() -> Classifier:
        raise fault

    with ClassifyThread(refuse, told.put, lambda: None, looks_per_s=1.0) as thread:
        thread.start()
        assert [told.get(timeout=5), told.get(timeout=5)] == [fault, fault]
