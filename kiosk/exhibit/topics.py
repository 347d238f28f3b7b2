"""The topics of the exhibit. The order is that of the cards; a further topic is an import and a line here."""

from kiosk.core.topic import Topic
from kiosk.topics.attack.topic import TOPIC as ATTACK
from kiosk.topics.attract.topic import TOPIC as ATTRACT
from kiosk.topics.cards.topic import TOPIC as CARDS
from kiosk.topics.colours.topic import TOPIC as COLOURS
from kiosk.topics.cover.topic import TOPIC as COVER
from kiosk.topics.datasets.topic import TOPIC as DATASETS
from kiosk.topics.dice.topic import TOPIC as DICE
from kiosk.topics.ending.topic import TOPIC as ENDING
from kiosk.topics.explain.topic import TOPIC as EXPLAIN
from kiosk.topics.faults.topic import TOPIC as FAULTS
from kiosk.topics.foresee.topic import TOPIC as FORESEE
from kiosk.topics.hold_up.topic import TOPIC as HOLD_UP
from kiosk.topics.inside.topic import TOPIC as INSIDE
from kiosk.topics.journey.topic import TOPIC as JOURNEY
from kiosk.topics.judges.topic import TOPIC as JUDGES
from kiosk.topics.memories.topic import TOPIC as MEMORIES
from kiosk.topics.models.topic import TOPIC as MODELS
from kiosk.topics.more_maps.topic import TOPIC as MORE_MAPS
from kiosk.topics.photograph.topic import TOPIC as PHOTOGRAPH
from kiosk.topics.printing.topic import TOPIC as PRINTING
from kiosk.topics.prototypes.topic import TOPIC as PROTOTYPES
from kiosk.topics.race.topic import TOPIC as RACE
from kiosk.topics.shield.topic import TOPIC as SHIELD
from kiosk.topics.sketchpad.topic import TOPIC as SKETCHPAD
from kiosk.topics.spot.topic import TOPIC as SPOT
from kiosk.topics.staff.topic import TOPIC as STAFF
from kiosk.topics.sticker.topic import TOPIC as STICKER
from kiosk.topics.survival.topic import TOPIC as SURVIVAL
from kiosk.topics.teaching.topic import TOPIC as TEACHING
from kiosk.topics.vaccine.topic import TOPIC as VACCINE

TOPICS: tuple[Topic, ...] = (
    ATTRACT,
    PHOTOGRAPH,
    ATTACK,
    EXPLAIN,
    CARDS,
    DICE,
    SKETCHPAD,
    MODELS,
    TEACHING,
    VACCINE,
    PROTOTYPES,
    SURVIVAL,
    PRINTING,
    DATASETS,
    RACE,
    SPOT,
    FORESEE,
    SHIELD,
    COVER,
    MORE_MAPS,
    MEMORIES,
    JOURNEY,
    INSIDE,
    JUDGES,
    HOLD_UP,
    STICKER,
    ENDING,
    STAFF,
    COLOURS,
    FAULTS,
)
