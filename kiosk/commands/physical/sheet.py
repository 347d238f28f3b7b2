"""`kiosk sheet`: a photo and the picture that lives on paper as a PDF, and as much noise by dice as its control."""

from pathlib import Path

from rich.console import Console

from kiosk.attack.dice_noise import dice_noise
from kiosk.attack.noise import iterate_picture
from kiosk.attack.print_proof import Proofing, print_proof_iterates
from kiosk.commands.opening import opened
from kiosk.device.durable import replace_files, require_writable
from kiosk.exhibit.topics import TOPICS
from kiosk.paper.layout import Block, Paper, Shown
from kiosk.paper.pdf import Part, sheet_pdf
from kiosk.recapture.preset import PRESETS
from kiosk.vision.picture import Rgb, png_bytes, to_picture
from kiosk.words.texts import load_texts


def run(
    settings_file: Path | None,
    *,
    picture: Path,
    target: str,
    out: Path,
    paper: str,
    preset: str,
    seed: int,
    model: str | None,
) -> int:
    """Return 0 when sheet.pdf, control.pdf and their pictures are written, whether the lie is told or not."""
    require_writable(out)
    texts = load_texts(TOPICS)
    with opened(settings_file, model) as kiosk:
        lie = kiosk.labels.index(target)
        original = to_picture(kiosk.decoder.read(picture), kiosk.classifier.card.input_size)
        proofing = Proofing(PRESETS[preset], kiosk.ranges, seed)
        proof = original
        for iterate in print_proof_iterates(kiosk.classifier, kiosk.gradients, original, lie, proofing):
            made = iterate_picture(iterate)
            if kiosk.classifier(made).label == lie or kiosk.classifier(proof).label != lie:
                proof = made
        names = kiosk.labels.names
        labels = {"right": names[kiosk.classifier(original).label], "lie": names[lie]}
        told = kiosk.classifier(proof).label == lie
    control = dice_noise(original, proof, seed)

    def part(shown: Shown, shows: Rgb) -> Part:
        key = shown.name.lower()
        sentence = texts(f"printing.sheet_{key}", **labels)
        return Part(shows, Block(shown), texts(f"printing.title_{key}"), sentence)

    name, size = texts("printing.name"), Paper[paper.upper()]
    pair = (part(Shown.ORIGINAL, original), part(Shown.PROOF, proof))
    files = {
        "sheet.pdf": sheet_pdf(pair, name, size),
        "control.pdf": sheet_pdf((part(Shown.CONTROL, control),), name, size),
        "original.png": png_bytes(original),
        "proof.png": png_bytes(proof),
        "control.png": png_bytes(control),
    }
    replace_files(out, files)
    verdict = "is told" if told else "is not told, even unprinted"
    Console(markup=False).print(f"The lie {labels['lie']} {verdict}. The sheets are in {out}", soft_wrap=True)
    return 0
