"""The topics of the exhibit. The order is that of the cards; a further topic is an import and a line here."""

from kiosk.core.topic import Topic
from kiosk.topics.attack.topic import TOPIC as ATTACK
from kiosk.topics.attract.topic import TOPIC as ATTRACT
from kiosk.topics.cards.topic import TOPIC as CARDS
from kiosk.topics.datasets.topic import TOPIC as DATASETS
from kiosk.topics.dice.topic import TOPIC as DICE
from kiosk.topics.explain.topic import TOPIC as EXPLAIN
from kiosk.topics.faults.topic import TOPIC as FAULTS
from kiosk.topics.models.topic import TOPIC as MODELS
from kiosk.topics.photograph.topic import TOPIC as PHOTOGRAPH
from kiosk.topics.sketchpad.topic import TOPIC as SKETCHPAD
from kiosk.topics.staff.topic import TOPIC as STAFF
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
    DATASETS,
    STAFF,
    FAULTS,
)
