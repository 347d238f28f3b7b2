"""A visit played without a screen: events go in, the effects are answered as a performer would."""

from dataclasses import dataclass, field
from typing import TypeVar

from kiosk.core.datasets import (
    DatasetEffect,
    DatasetKept,
    DatasetOpened,
    DatasetsFound,
    KeepDataset,
    KeptDataset,
    KeptLabel,
    OpenDataset,
    OpenedDataset,
    OpenedLabel,
    RemoveDataset,
)
from kiosk.core.effects import (
    ChooseModel,
    DrawMaps,
    Effect,
    GiveVaccine,
    JudgePainting,
    ListUploads,
    RecordExample,
    RollDice,
    RunStep,
    StaffEffect,
    StartStack,
    TakePicture,
    TakeRecording,
    TakeStockPicture,
    TakeUpload,
    TrainHead,
)
from kiosk.core.events import (
    ButtonDown,
    ButtonUp,
    DiceRolled,
    EpochTrained,
    Event,
    ExampleRecorded,
    FilmReady,
    GradientsChanged,
    HeadTrained,
    JobLost,
    Lifted,
    MapsDrawn,
    ModelChosen,
    ModelsFound,
    Moved,
    PaintingJudged,
    PictureTaken,
    RecordingTaken,
    StaffFound,
    StepJudged,
    StickFound,
    Tick,
    Touched,
    UploadSeen,
    UploadsListed,
    VaccineGiven,
    VaccineUnderWay,
)
from kiosk.core.lesson import Sign
from kiosk.core.model import (
    Answer,
    Button,
    Epoch,
    Film,
    FoundModel,
    Health,
    Judged,
    Panel,
    Phase,
    Ranked,
    Verdict,
)
from kiosk.core.scene import Control, Picture, Scene, Words
from kiosk.core.staff import CORNER, CORNER_HOLD_S, StaffFacts
from kiosk.core.vaccine import Resistance, Stage, VaccineReport
from kiosk.dispatch import Screen
from kiosk.program import State, initial, update, view
from kiosk.screens.attack import Attack
from kiosk.screens.sketchpad import Sketchpad
from kiosk.screens.vaccine import Vaccine
from kiosk.settings.sections import Settings
from kiosk.store.exhibit_dataset import free_name
from kiosk.words.friendly_labels import visitor_labels
from kiosk.words.signs import load_signs
from kiosk.words.texts import load_texts
from tests.staff_desk import PIN, SETTINGS, staff_answer

Kind = TypeVar("Kind")
EFFICIENTNET, MOBILENET = FoundModel("efficientnet_lite0"), FoundModel("mobilenet_v2")
EPOCHS = 40
PANELS = {
    "800x480": Panel.of(800, 480, 7.0 * 25.4),
    "1024x600": Panel.of(1024, 600, 7.0 * 25.4),
    "1280x800": Panel.of(1280, 800, 10.1 * 25.4),
    "1920x1080": Panel.of(1920, 1080, 15.6 * 25.4),
    "720x1280": Panel.of(720, 1280, 7.0 * 25.4),
}
ESPRESSO, CUP, SOUP, FLAMINGO, PENGUIN = 967, 968, 925, 130, 145
ORIGINAL = Answer(
    (
        Ranked(ESPRESSO, 0.92),
        Ranked(CUP, 0.03),
        Ranked(SOUP, 0.012),
        Ranked(960, 0.009),
        Ranked(969, 0.004),
        Ranked(505, 0.002),
    )
)


def taught_answer(*shares: float, known: bool = True) -> Answer:
    """What a taught model says of a picture: a confidence for each of its labels."""
    rows = (Ranked(label, share) for label, share in enumerate(shares))
    return Answer(tuple(sorted(rows, key=lambda row: -row.confidence)), known)


def epoch(number: int) -> Epoch:
    """A training as it usually goes: quick at first, worse on what it never saw."""
    left = 0.9**number
    return Epoch(number, EPOCHS, 1.4 * left, 1 - 0.6 * left, 0.25 + 1.2 * left, 0.9 - 0.5 * left)


def trained(effect: TrainHead) -> HeadTrained:
    """The end of a training whose test is right but for every seventh picture, taken for the next label."""
    labels = len(effect.lesson.labels)
    rows = enumerate(at for at, _ in effect.lesson.rows)
    return HeadTrained(effect.job, tuple((at + 1) % labels if number % 7 == 3 else at for number, at in rows))


def judged(step: int, target: int | None, needed: int = 4) -> Judged:
    """A step as an attack that succeeds at `needed` would be judged."""
    lie = 505 if target is None else target
    share = 0.003 + 0.4 * (step / needed) ** 3 if step < needed else 0.985
    rest = Ranked(ESPRESSO, max(0.008, 0.92 * (1 - 0.5 * step / needed) if step < needed else 0.0))
    if target == ESPRESSO:
        share = min(0.999, 0.92 + 0.03 * step)
        top = (Ranked(ESPRESSO, share), Ranked(CUP, 0.01), Ranked(SOUP, 0.004))
        return Judged(step, Answer(top), share, Verdict.FOOLED, step, 0.6 * step)
    rows = sorted((Ranked(lie, share), rest, Ranked(CUP, 0.004)), key=lambda row: -row.confidence)
    verdict = Verdict.FOOLED if step >= needed else Verdict.NEARLY if share > 0.1 else Verdict.NOT_YET
    return Judged(step, Answer(tuple(rows)), share, verdict, step, 0.62 * step)


def judged_taught(step: int, target: int | None, needed: int = 4) -> Judged:
    """A step against a taught model of three labels, the first of which is right."""
    lie = 1 if target is None else target
    share = 0.04 + 0.4 * (step / needed) ** 2 if step < needed else 0.93
    rest = (1 - share) / 2
    shares = [share if label == lie else rest * (1.9 if label == 0 else 0.1) for label in range(3)]
    verdict = Verdict.FOOLED if step >= needed else Verdict.NEARLY if share > 0.1 else Verdict.NOT_YET
    return Judged(step, taught_answer(*shares), share, verdict, (step + 1) // 2, 0.31 * step)


PER_BURST = 6


def opened(kept: KeptDataset) -> OpenedDataset:
    """A dataset as it comes from the store, in bursts of six."""
    labels = tuple(
        OpenedLabel(label.sign, tuple(100 * at + number // PER_BURST for number in range(label.count)))
        for at, label in enumerate(kept.labels)
    )
    said = tuple(at for at, label in enumerate(kept.labels) for _ in range(label.count))
    return OpenedDataset(labels, said if kept.trained else ())


def kept(*names: str, count: int = 12, trained: bool = True) -> KeptDataset:
    """A dataset of labels that are called so; their drawings are called as they are."""
    labels = tuple(KeptLabel(Sign(name, name.lower()), count) for name in names)
    return KeptDataset(free_name(names, ()), labels, trained)


PETS = kept("Cat", "Dog", "Rabbit", "Bird")
TOOLS = kept("Hammer", "Star", count=30, trained=False)  # a hammer is on no wall of ours
MANY = (
    PETS,
    TOOLS,
    kept("Smile", "Frown"),
    kept("Sun", "Moon", "Star", "Heart", "Robot", "Ghost", "Fish", "Dinosaur", count=200),
    kept("A label with quite a long name", "Another one of that kind", count=8),
    kept("Robot", "Ghost"),
    kept("Heart", "Star", "Moon"),
)

OTHERS = (
    *((3, 5), (2, 2), (4, 9), (3, 3)),
    *((5, None), (2, 3), (4, 3), (6, 8)),
)
HELPED = VaccineReport(
    same_picture_right=True,
    same_photo=Resistance(4, 11),
    others=tuple(Resistance(before, after, place) for place, (before, after) in enumerate(OTHERS)),
    clean_before=0.94,
    clean_after=0.97,
    most_steps=16,
)
STAGES = (Stage.ATTACKING_BEFORE, Stage.TRAINING, Stage.ATTACKING_AFTER)


@dataclass
class Player:
    """Owns one state; `answers` off leaves jobs unanswered."""

    state: State
    answers: bool = True
    needed: int = 4
    original: Answer = ORIGINAL
    effects: list[Effect] = field(default_factory=list)
    target: int | None = None
    painted: Answer = ORIGINAL  # what is said to any paint
    uploads: int = 30  # pictures on the stick
    report: VaccineReport = HELPED
    datasets: tuple[KeptDataset, ...] = ()  # those in the store

    def send(self, *events: Event) -> None:
        """Events happen, and what they ask for is answered at once."""
        for event in events:
            self.state, effects = update(self.state, event)
            self.effects += effects
            for effect in effects:
                answers = self.answered(effect)
                if self.answers:
                    self.send(*answers)

    def answered(self, effect: Effect) -> tuple[Event, ...]:
        """What a performer says to an effect."""
        match effect:
            case TakePicture(job) | TakeStockPicture(job) | TakeUpload(job):
                return (PictureTaken(job, self.original),)
            case StartStack(target):
                self.target = target
                return ()
            case RunStep(job, at_step):
                judging = judged_taught if self.state.hall.taught else judged
                return (StepJudged(job, judging(at_step + 1, self.target, self.needed)),)
            case DrawMaps(job, label):
                return (MapsDrawn(job, label),)
            case TakeRecording(job):
                self.target = FLAMINGO
                return (RecordingTaken(job, ORIGINAL, FLAMINGO),)
            case RollDice(job, step):
                answer = Answer((Ranked(ESPRESSO, 0.9), Ranked(CUP, 0.04)))
                return (DiceRolled(job, Judged(step, answer, 0.002, Verdict.NOT_YET, step, 0.62 * step)),)
            case JudgePainting(job):
                return (self._judged(job),)
            case ListUploads(job, start, count):
                numbers = range(start, min(self.uploads, start + count))
                following = numbers.stop if numbers.stop < self.uploads else None
                return (*(UploadSeen(job, number) for number in numbers), UploadsListed(job, following))
            case RecordExample(job):
                return (ExampleRecorded(job),)
            case TrainHead(job):
                return (*(EpochTrained(job, epoch(n)) for n in range(1, EPOCHS + 1)), trained(effect))
            case GiveVaccine(job):
                so_far = (VaccineUnderWay(job, stage, share) for stage in STAGES for share in (0.0, 0.5))
                return (*so_far, self._vaccinated(job))
            case _ if isinstance(effect, DatasetEffect):
                return (self._kept(effect),)
            case ChooseModel(job, name):
                return (ModelChosen(job, name, self.original),)
            case _ if isinstance(effect, StaffEffect):
                said = staff_answer(effect)
                return () if said is None else (said,)
            case _:
                return ()

    def _judged(self, job: int) -> PaintingJudged:
        """Without paint what the step says, with any what `painted` says."""
        screen = self.state.screen
        assert isinstance(screen, Sketchpad)
        if not screen.painted:
            return PaintingJudged(job, screen.visit.now.answer, screen.visit.now.verdict)
        label = self.painted.first.label
        said = Verdict.FOOLED if label == self.target else Verdict.NEARLY
        return PaintingJudged(job, self.painted, Verdict.NOT_YET if label == ESPRESSO else said)

    def _vaccinated(self, job: int) -> VaccineGiven:
        """The attacked picture is right again where the report says so, and the steps below it with it."""
        report, learned = self.report, self.state.lesson.report
        screen = self.state.screen
        assert isinstance(screen, Vaccine)
        assert learned is not None
        needed = 40 if report.same_picture_right else self.needed
        steps = tuple(judged_taught(at, self.target, needed) for at in range(len(screen.visit.steps)))
        numbers = [one.example.number for one in learned.tested]
        others = tuple(numbers[other.example] for other in report.others if other.example is not None)
        predicted = tuple(one.said for one in learned.tested)
        burst = learned.tested[0].example.burst
        return VaccineGiven(job, report, others, predicted, burst, steps[0].answer, steps)

    def _kept(self, effect: DatasetEffect) -> Event:
        """A store that holds `datasets`; those that are trained open with a head that knows every example."""
        named = {one.name: one for one in self.datasets}
        match effect:
            case KeepDataset(signs, lesson):
                counts = [len(label.examples) for label in lesson.labels]
                name = free_name((sign.name for sign in signs), named)
                labels = tuple(map(KeptLabel, signs, counts))
                self.datasets = (*self.datasets, KeptDataset(name, labels, lesson.report is not None))
                return DatasetKept(name)
            case OpenDataset(job, name) if name in named:
                return DatasetOpened(job, self.state.default, opened(named[name]))
            case OpenDataset(job, name):
                return JobLost(job, f"{name}: no such exhibit dataset")
            case RemoveDataset(name):
                self.datasets = tuple(one for one in self.datasets if one.name != name)
        return DatasetsFound(self.datasets)

    @property
    def scene(self) -> Scene:
        """What is on the screen."""
        return view(self.state)

    def control(self, name: str) -> Control:
        """A control that must be there."""
        control = self.scene.control(name)
        assert control is not None, (
            f"{name} is not on {self.scene.name}: {[c.name for c in self.scene.controls]}"
        )
        return control

    def wait(self, seconds: float, step_s: float = 0.1) -> None:
        """Time goes on, a tick at a time."""
        end_s = self.state.now_s + seconds
        while self.state.now_s < end_s - 1e-9:
            self.send(Tick(min(end_s, self.state.now_s + step_s)))

    def touch(self, name: str) -> None:
        """A finger on the middle of a control, after the cool-down."""
        self.wait(0.3)
        box = self.control(name).box
        self.send(Touched(box.x + box.w // 2, box.y + box.h // 2))

    def hold(self, name: str, held_s: float) -> None:
        """A finger on a control for a while."""
        self.touch(name)
        self.wait(held_s)
        self.send(Lifted())

    def type_pin(self, digits: str) -> None:
        """Digits on the number pad, then its last key."""
        for digit in digits:
            self.touch(f"digit-{digit}")
        self.touch("enter")

    def drag(self, name: str, *points: tuple[float, float], finger: int = -1) -> None:
        """A finger comes down on a control and goes from place to place on it (0..1, or beyond), then up."""
        self.wait(0.3)
        box = self.control(name).box
        (first, *others) = [
            (box.x + round(x * (box.w - 1)), box.y + round(y * (box.h - 1))) for x, y in points
        ]
        self.send(Touched(*first, finger))
        for at in others:
            self.send(Moved(*at, finger), Tick(self.state.now_s + 0.02))
        self.send(Lifted(finger))

    def press(self, button: Button, held_s: float = 0.1) -> None:
        """A button down and up again."""
        self.wait(0.3)
        self.send(ButtonDown(button))
        self.wait(held_s)
        self.send(ButtonUp(button))


def player(
    panel: str = "1280x800",
    *,
    ready: bool = True,
    film: bool = True,
    models: bool = False,
    model: Health | None = None,
) -> Player:
    """A kiosk that just started."""
    signs = load_signs(Settings().teaching)
    playing = Player(initial(PANELS[panel], load_texts(), visitor_labels(), model=model, signs=signs))
    if ready:
        playing.send(GradientsChanged(Health(Phase.READY)))
    if film:
        steps = [judged(step, FLAMINGO).answer.first for step in range(5)]
        playing.send(FilmReady(Film((ORIGINAL.first, *steps[1:4], Ranked(FLAMINGO, 0.98)))))
    if models:
        playing.send(ModelsFound((EFFICIENTNET, MOBILENET), EFFICIENTNET.name))
    playing.send(Tick(0.1))
    return playing


def at_live(panel: str = "1280x800", *, ready: bool = True) -> Player:
    """A visit that has begun."""
    playing = player(panel, ready=ready)
    playing.touch("anywhere")
    return playing


def at_choose(panel: str = "1280x800", *, ready: bool = True) -> Player:
    """A visit with a picture."""
    playing = at_live(panel, ready=ready)
    playing.touch("shoot")
    playing.wait(3.0)
    return playing


def at_attack(panel: str = "1280x800", target: int = FLAMINGO, *, ready: bool = True) -> Player:
    """A visit with a lie."""
    playing = at_choose(panel, ready=ready)
    playing.touch(f"label-{target}")
    return playing


def at_fooled(panel: str = "1280x800") -> Player:
    """A visit that fooled it."""
    playing = at_attack(panel)
    playing.touch("fool")
    playing.wait(1.0)
    return playing


def at_explain(panel: str = "1280x800") -> Player:
    """A visit that asks why."""
    playing = at_fooled(panel)
    playing.touch("why")
    playing.wait(0.5)
    return playing


def at_cards(panel: str = "1280x800") -> Player:
    """A visit that fooled it and wants to try more."""
    playing = at_fooled(panel)
    playing.touch("cards")
    return playing


def at_dice(panel: str = "1280x800") -> Player:
    """A visit that has thrown dice."""
    playing = at_cards(panel)
    playing.touch("dice")
    playing.wait(0.5)
    return playing


def at_sketchpad(panel: str = "1280x800") -> Player:
    """A visit that may paint."""
    playing = at_cards(panel)
    playing.touch("paint")
    playing.wait(0.5)
    return playing


def sketchpad_of(playing: Player) -> Sketchpad:
    """The sketchpad, which must be the present screen."""
    screen = playing.state.screen
    assert isinstance(screen, Sketchpad)
    return screen


def at_upload(panel: str = "1280x800", uploads: int = 30) -> Player:
    """A visit that looks at a USB stick."""
    playing = player(panel)
    playing.uploads = uploads
    playing.send(StickFound())
    playing.touch("anywhere")
    playing.touch("stick")
    playing.wait(0.5)
    return playing


def at_signs(panel: str = "1280x800") -> Player:
    """A visit that is about to teach its first label."""
    playing = at_live(panel)
    playing.touch("teach")
    return playing


def at_teach(panel: str = "1280x800", *, labels: int = 2, holds: int = 2, held_s: float = 1.05) -> Player:
    """A visit that has shown some labels, each in some holds of six pictures."""
    playing = at_signs(panel)
    for number in range(labels):
        if number:
            playing.touch("add")
        playing.touch(f"sign-{number}")
        for _ in range(holds):
            playing.hold("record", held_s)
    return playing


def with_datasets(playing: Player, datasets: tuple[KeptDataset, ...] = MANY) -> Player:
    """A kiosk that has found what staff keep."""
    playing.datasets = datasets
    playing.send(DatasetsFound(datasets))
    return playing


def at_readymade(panel: str = "1280x800", datasets: tuple[KeptDataset, ...] = MANY) -> Player:
    """A visit that is about to teach, and may take what is ready-made."""
    playing = with_datasets(at_live(panel), datasets)
    playing.touch("teach")
    return playing


def at_keeping(panel: str = "1280x800", datasets: tuple[KeptDataset, ...] = (), *, labels: int = 2) -> Player:
    """Staff who taught something, and want to keep it."""
    playing = with_staff(with_datasets(at_trained(panel, labels=labels), datasets))
    playing.touch("back")
    playing.hold(CORNER, CORNER_HOLD_S + 0.1)
    playing.type_pin(PIN)
    playing.touch("page-datasets")
    playing.wait(0.3)
    return playing


def at_trained(panel: str = "1280x800", *, labels: int = 2) -> Player:
    """A visit whose model has learned."""
    playing = at_teach(panel, labels=labels)
    playing.touch("train")
    playing.wait(0.3)
    return playing


def at_confusion(panel: str = "1280x800", *, labels: int = 2) -> Player:
    """A visit that looks at the test of what it taught."""
    playing = at_trained(panel, labels=labels)
    playing.touch("test")
    return playing


def at_fooled_taught(panel: str = "1280x800", *, labels: int = 3) -> Player:
    """A visit that fooled what it taught."""
    playing = at_trained(panel, labels=labels)
    playing.touch("try")
    playing.original = taught_answer(0.91, 0.06, 0.03)
    playing.touch("shoot")
    playing.wait(3.0)
    playing.touch("label-1")
    playing.touch("fool")
    playing.wait(1.0)
    return playing


def at_vaccine(panel: str = "1280x800", *, labels: int = 3) -> Player:
    """A visit that may vaccinate what it taught."""
    playing = at_fooled_taught(panel, labels=labels)
    playing.touch("cards")
    playing.touch("vaccine")
    playing.wait(0.3)
    return playing


def at_vaccinating(panel: str = "1280x800") -> Player:
    """A visit whose vaccine is under way, and not answered."""
    playing = at_vaccine(panel)
    playing.answers = False
    playing.touch("give")
    playing.wait(0.2)
    return playing


def at_vaccinated(panel: str = "1280x800", report: VaccineReport = HELPED, *, labels: int = 3) -> Player:
    """A visit that has vaccinated what it taught."""
    playing = at_vaccine(panel, labels=labels)
    playing.report = report
    playing.touch("give")
    playing.wait(0.3)
    return playing


def screen_of(playing: Player) -> Screen:
    """The present screen."""
    return playing.state.screen


def attack_of(playing: Player) -> Attack:
    """The attack screen, which must be the present one."""
    screen = playing.state.screen
    assert isinstance(screen, Attack)
    return screen


def of(playing: Player, kind: type[Kind]) -> list[Kind]:
    """All effects of a kind so far."""
    return [effect for effect in playing.effects if isinstance(effect, kind)]


def last_step(playing: Player) -> int:
    """The job of the step asked for last."""
    return of(playing, RunStep)[-1].job


def find_label(playing: Player, label: int) -> int:
    """How many taps in the alphabet until the label's own tile is there."""
    playing.touch("letters")
    order = playing.state.labels.order.index(label)
    taps = 1
    while playing.scene.control(f"label-{label}") is None:
        groups = [c.name for c in playing.scene.controls if c.name.startswith("group-")]
        inside = [g for g in groups if int(g.split("-")[1]) <= order < int(g.split("-")[2])]
        assert len(inside) == 1
        playing.touch(inside[0])
        taps += 1
    return taps


def said(playing: Player) -> list[str]:
    """Everything that can be read on the screen."""
    scene = playing.scene
    words = [item.text for item in scene.items if isinstance(item, Words)]
    return words + [control.text for control in scene.controls]


def shown_keys(playing: Player) -> list[str]:
    """The pictures on the screen."""
    return [item.key for item in playing.scene.items if isinstance(item, Picture)]


def with_staff(playing: Player, *, pin_chosen: bool = True, begins: bool = False) -> Player:
    """A kiosk that has found what it has for its staff."""
    playing.send(StaffFound(StaffFacts(pin_chosen=pin_chosen, settings=SETTINGS), begins))
    return playing


def at_pin(panel: str = "1280x800") -> Player:
    """Somebody has held the corner."""
    playing = with_staff(player(panel))
    playing.hold(CORNER, CORNER_HOLD_S + 0.1)
    return playing


def at_staff(panel: str = "1280x800", page: str = "health") -> Player:
    """Staff who know the PIN."""
    playing = at_pin(panel)
    playing.type_pin(PIN)
    if page != "health":
        playing.touch(f"page-{page}")
    playing.wait(0.3)
    return playing


def at_setup(panel: str = "1280x800", station: str = "pin") -> Player:
    """The first start, as far as a station."""
    playing = with_staff(player(panel), pin_chosen=False, begins=True)
    if station != "pin":
        playing.type_pin(PIN)
        playing.type_pin(PIN)
    for _ in range(("size", "buttons", "camera").index(station) if station != "pin" else 0):
        playing.touch("next")
    playing.wait(0.3)
    return playing
