"""`kiosk patch`: builds stickers for the model in use, lists those there are, lays one out to be printed."""

import importlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kiosk.attack.noise import iterate_picture
from kiosk.commands.opening import Looking, looking
from kiosk.device.durable import replace_files
from kiosk.errors import BadArgumentError
from kiosk.exhibit.topics import TOPICS
from kiosk.paper.layout import Paper
from kiosk.paper.pdf import Round, patch_pdf
from kiosk.recapture.patches import FOLDER, Patch, PatchCard, best_patches, load_patches, patch_files
from kiosk.recapture.sticker import anywhere, grey_sticker
from kiosk.vision.arrays import Floats
from kiosk.vision.classifier import AnyClassifier
from kiosk.vision.model_card import MODEL_FILE, ModelError
from kiosk.vision.picture import Rgb
from kiosk.words.friendly_labels import labels_for
from kiosk.words.texts import load_texts

SEED, JUDGED_SEED = 0, 1  # of the crops it is made on, and of those it is judged on
EACH, JUDGED_EACH = 24, 5
READY_FOR = "efficientnet_lite0"
READY_AREA = 22  # per cent of a picture
READY = {"toaster": 1920, "banana": 960, "ladybug": 480}  # with how many gradients


def run(settings_file: Path | None, *, action: str, model: str | None, **arguments: Any) -> int:
    """Return 0 after building, listing or laying out."""
    with looking(settings_file, model) as kiosk:
        if action == "build":
            build(kiosk, **arguments)
        elif action == "sheet":
            lay_out(kiosk, **arguments)
        else:
            list_patches(kiosk)
    return 0


def list_patches(kiosk: Looking) -> None:
    """Print a table of the stickers there are for the model."""
    console, names = Console(), kiosk.labels.names
    patches = load_patches(kiosk.classifier.folder, kiosk.classifier.card)
    if not patches:
        console.print(
            f"No stickers for {kiosk.classifier.card.name}. Build one: kiosk patch build --target toaster"
        )
        return
    table = Table("label", "area", "works", "grey one", "gradients", "processor", box=None)
    for card in (patch.card for patch in patches):
        shares = f"{card.share:.0%}", f"{card.grey_share:.0%}"
        table.add_row(
            names[card.label], f"{card.area:g} %", *shares, str(card.gradients), f"{card.seconds:.0f} s"
        )
    console.print(table)


def lay_out(kiosk: Looking, *, target: str, out: Path, size: float, paper: str) -> None:
    """Write a sticker and its grey control as a PDF; raises ModelError where there is no such sticker."""
    card, label = kiosk.classifier.card, _tellable(kiosk, target)
    patch = best_patches(kiosk.classifier.folder, card).get(label)
    if patch is None:
        raise ModelError(
            f"{card.name}: has no sticker for {kiosk.labels.names[label]};"
            f" build one with: kiosk patch build --target {label}"
        )
    texts = load_texts(TOPICS)
    pictures = {"sticker": patch.sticker, "grey": iterate_picture(grey_sticker())}
    stickers = [Round(picture, texts(f"printing.title_{key}")) for key, picture in pictures.items()]
    sentence = " ".join(texts(f"printing.sheet_{key}", lie=kiosk.labels.names[label]) for key in pictures)
    pdf = patch_pdf(stickers, sentence, size, texts("printing.name"), Paper[paper.upper()])
    replace_files(out.parent, {out.name: pdf})
    told = (
        f"{kiosk.labels.names[label]}: a sticker of {size:g} mm and a grey one on {paper}. They are in {out}"
    )
    Console(markup=False).print(told, soft_wrap=True)


def _tellable(kiosk: Looking, target: str) -> int:
    """Return a sticker's label; raises BadArgumentError for one that must not be told of anybody."""
    label = kiosk.labels.index(target)
    if labels_for(kiosk.classifier.card).name(label) is None:
        raise BadArgumentError(f"--target {target}: a person, or blocked: no sticker is made for it")
    return label


def build(kiosk: Looking, *, target: str, area: float, gradients: int) -> None:
    """Build a sticker and keep it; raises BadArgumentError for a label that must not be told of anybody."""
    card, label = kiosk.classifier.card, _tellable(kiosk, target)
    began_s = time.process_time()
    sticker = _built(kiosk, label, area / 100, gradients)
    seconds = time.process_time() - began_s
    crops = _crops(JUDGED_SEED, JUDGED_EACH, card.input_size)
    share, grey = (
        share_taken_for(kiosk.classifier, crops, laid, label, area / 100)
        for laid in (np.asarray(sticker, np.float32), grey_sticker())
    )
    known = PatchCard(label, area, card.sha256, share, grey, len(crops), gradients, round(seconds, 1))
    folder = kiosk.classifier.folder / FOLDER
    replace_files(folder, patch_files(Patch(known, sticker)))
    Console(markup=False).print(
        f"{kiosk.labels.names[label]}: {share:.0%} of {len(crops)} other crops of the photographs it was made on,"
        f" with a grey one {grey:.0%}; {seconds:.0f} s of processor time. It is in {folder}",
        soft_wrap=True,
    )


def build_ready(settings_file: Path | None, model: str) -> None:
    """Build the stickers that the default model comes with; there are none for others."""
    if model != READY_FOR:
        return
    with looking(settings_file, model) as kiosk:
        for target, gradients in READY.items():
            build(kiosk, target=target, area=READY_AREA, gradients=gradients)


def share_taken_for(
    classifier: AnyClassifier, pictures: Sequence[Rgb], sticker: Floats, label: int, area: float
) -> float:
    """Return which share (0..1) of pictures is taken for a label with a sticker, each at a place drawn by lot."""
    rng = np.random.default_rng(JUDGED_SEED)
    taken = 0
    for picture in pictures:
        lying = anywhere(len(picture), area, rng)
        laid = iterate_picture(lying.on(picture.astype(np.float32), sticker))
        taken += classifier(laid).label == label
    return taken / len(pictures)


def _built(kiosk: Looking, label: int, area: float, gradients: int) -> Rgb:
    """Return the sticker; PyTorch runs in this process, with the threads that staff set."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(kiosk.settings.gradients.threads)
    network = importlib.import_module("kiosk.gradients.compute.network").Network
    attacker_of = importlib.import_module("kiosk.gradients.compute.attacks").Attacker
    proofs = importlib.import_module("kiosk.gradients.compute.print_proof")
    card = kiosk.classifier.card
    attacker = attacker_of(network.from_file(kiosk.classifier.folder / MODEL_FILE), card.mean, card.std)
    pictures = _crops(SEED, EACH, card.input_size)
    steps = proofs.patches(attacker, pictures, label, area, gradients, kiosk.ranges, SEED)
    console = Console(stderr=True)
    sticker = grey_sticker()
    told = track(
        steps, "building", gradients // proofs.VIEWS, console=console, disable=not console.is_terminal
    )
    for step in told:
        sticker = step
    return iterate_picture(sticker)


def _crops(seed: int, each: int, side: int) -> list[Rgb]:
    """Return crops of the photographs in the build's packages; raises ModelError where these are not installed."""
    try:
        calibration = importlib.import_module("kiosk.vision.build.calibration")
        made = calibration.crops(calibration.PHOTOGRAPHS, seed, each, side)
        return [picture for picture, _ in made]
    except ModuleNotFoundError as error:
        raise ModelError(
            f"{error.name}: is not installed; build stickers where kiosk[build] is installed"
        ) from None
