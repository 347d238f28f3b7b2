"""The parts of the performer; a further part is an import and a line here."""

from typing import Any

from kiosk.perform.part import Part
from kiosk.topics.attack.performing.attacking import Attacking
from kiosk.topics.attack.performing.quieting import Quieting
from kiosk.topics.attract.performing import Filming
from kiosk.topics.colours.performing import Calibrating
from kiosk.topics.cover.performing import Covering
from kiosk.topics.datasets.performing.datasets import DatasetKeeping
from kiosk.topics.dice.performing.dicing import Dicing
from kiosk.topics.explain.performing import MapDrawing
from kiosk.topics.foresee.performing import Foreseeing
from kiosk.topics.hold_up.performing import HoldingUp
from kiosk.topics.inside.performing import LookingInside
from kiosk.topics.journey.performing import Tracing
from kiosk.topics.judges.performing import Judging
from kiosk.topics.memories.performing import Remembering
from kiosk.topics.models.performing import ModelChoosing
from kiosk.topics.more_maps.performing import MapChecking
from kiosk.topics.photograph.performing.photos import Photos
from kiosk.topics.photograph.performing.uploads import Uploads
from kiosk.topics.printing.performing import Printing
from kiosk.topics.prototypes.performing import Prototyping
from kiosk.topics.shield.performing import Shielding
from kiosk.topics.sketchpad.performing.painting import Painting
from kiosk.topics.spot.performing import GuessCounting
from kiosk.topics.staff.performing.counting import Counting
from kiosk.topics.staff.performing.hours import Hours
from kiosk.topics.staff.performing.staffing import Staffing
from kiosk.topics.sticker.performing import StickerLaying
from kiosk.topics.survival.performing.surviving import Surviving
from kiosk.topics.survival.performing.treating import Treating
from kiosk.topics.teaching.performing import Teaching
from kiosk.topics.vaccine.performing.vaccinating import Vaccinating

PARTS: tuple[type[Part[Any]], ...] = (
    Filming,
    Photos,
    Uploads,
    Attacking,
    Quieting,
    MapDrawing,
    Dicing,
    Surviving,
    Treating,
    Printing,
    HoldingUp,
    StickerLaying,
    Shielding,
    Covering,
    MapChecking,
    Remembering,
    Tracing,
    Prototyping,
    LookingInside,
    Judging,
    GuessCounting,
    Foreseeing,
    Painting,
    ModelChoosing,
    Teaching,
    Vaccinating,
    DatasetKeeping,
    Counting,
    Hours,
    Staffing,
    Calibrating,
)
