"""The parts of the performer; a further part is an import and a line here."""

from typing import Any

from kiosk.perform.part import Part
from kiosk.topics.attack.performing.attacking import Attacking
from kiosk.topics.attack.performing.quieting import Quieting
from kiosk.topics.attract.performing import Filming
from kiosk.topics.datasets.performing.datasets import DatasetKeeping
from kiosk.topics.dice.performing.dicing import Dicing
from kiosk.topics.explain.performing import MapDrawing
from kiosk.topics.models.performing import ModelChoosing
from kiosk.topics.photograph.performing.photos import Photos
from kiosk.topics.photograph.performing.uploads import Uploads
from kiosk.topics.sketchpad.performing.painting import Painting
from kiosk.topics.staff.performing.counting import Counting
from kiosk.topics.staff.performing.hours import Hours
from kiosk.topics.staff.performing.staffing import Staffing
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
    Painting,
    ModelChoosing,
    Teaching,
    Vaccinating,
    DatasetKeeping,
    Counting,
    Hours,
    Staffing,
)
