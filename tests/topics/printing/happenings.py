"""Random news of this topic, and visits where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.program.state import State
from kiosk.topics.printing.facts import Route, Stage
from kiosk.topics.printing.messages import Paper, PaperChanged, SheetDropped, SheetLaid, StickerSheetLaid
from tests.strategies import answers, jobs
from tests.topics.printing.scripted import at_question, at_sheet, at_sticker_sheet

papers = st.builds(
    Paper,
    offered=st.booleans(),
    route=st.sampled_from(Route),
    stage=st.sampled_from(Stage),
    left=st.integers(0, 3),
    made=st.just(()),
)
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(PaperChanged, papers),
    st.builds(SheetLaid, jobs, st.none() | answers),
    st.builds(SheetDropped),
    st.builds(StickerSheetLaid, jobs, st.floats(20, 85)),
]
FURTHER_ON: dict[str, Callable[[str], State]] = {
    "sheet": lambda panel: at_sheet(panel).state,
    "sheet-asked": lambda panel: at_question(panel).state,
    "sheet-sticker": lambda panel: at_sticker_sheet(panel).state,
}
