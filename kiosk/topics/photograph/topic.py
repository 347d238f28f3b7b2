"""Taking the picture: live from the camera, or from a USB stick."""

from kiosk.core.context import Context
from kiosk.core.health import Phase
from kiosk.core.message import ToCameraAway, ToClosed, ToModelAway
from kiosk.core.scene import ControlId
from kiosk.core.topic import Entered, Step, Topic, door
from kiosk.core.visit import Rating, sample_visit
from kiosk.topics.photograph.messages import StartLive, ToFirstAnswer, ToLive, ToUpload
from kiosk.topics.photograph.screens.first_answer import BEAT_S, FirstAnswer
from kiosk.topics.photograph.screens.live import Live
from kiosk.topics.photograph.screens.upload import Upload


def live(_way: ToLive, context: Context) -> Entered:
    """Show the camera, unless something that a visit needs is missing."""
    if context.staff.shut:
        return Entered(ToClosed())
    if context.model.phase is not Phase.READY:
        return Entered(ToModelAway(awaited=True))
    if not context.camera:
        return Entered(ToCameraAway())
    return Entered(Live(context.now_s), (StartLive(),))


def stick(_way: ToUpload, _context: Context) -> Entered:
    """Look at the pictures on a USB stick."""
    return Entered(Upload())


def first_answer(way: ToFirstAnswer, context: Context) -> Entered:
    """Tell what the machine says; of what a visitor taught, its being right is no figure of the exhibit's."""
    return Entered(FirstAnswer(way.answer, context.now_s, counts=way.own and not context.taught))


SCRIPT = (
    Step(
        "live",
        ControlId("anywhere"),
        over=lambda screen: isinstance(screen, Live) and screen.answer is not None,
        sample=lambda context: Live(context.now_s, sample_visit(context.labels).original),
    ),
    Step(
        "countdown",
        ControlId("shoot"),
        sample=lambda context: Live(
            context.now_s, sample_visit(context.labels).original, counting_since_s=context.now_s
        ),
    ),
    Step(
        "first-answer",
        over=lambda screen: isinstance(screen, FirstAnswer) and screen.told,
        sample=lambda context: FirstAnswer(
            sample_visit(context.labels).original, context.now_s - BEAT_S, counts=False, told=True
        ),
    ),
    Step("", ControlId("rate", Rating.UNSURE)),
)

TOPIC = Topic(
    __package__,
    doors=(door(ToLive, live), door(ToUpload, stick), door(ToFirstAnswer, first_answer)),
    script=SCRIPT,
)
