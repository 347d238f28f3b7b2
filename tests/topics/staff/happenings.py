"""Random events of this topic, and where they begin."""

from collections.abc import Callable

from hypothesis import strategies as st

from kiosk.core.message import News
from kiosk.core.staff import StaffFacts, UpdateFacts, UpdateStage
from kiosk.program.state import State
from kiosk.topics.staff.messages import (
    ClosedMarked,
    CountsExported,
    CountsRead,
    HoursTold,
    PinChecked,
    PinChosen,
    SettingsSaved,
    StaffFound,
    UpdateTold,
)
from tests.strategies import faults
from tests.topics.staff.scripted import COUNTS, CRASH, ILL, OFFERED, OLDER, SETTINGS, at_staff, board

CHANGED = tuple({**dict(SETTINGS), "display.diagonal_inch": 21.5, "idle.quiet_s": 30.0}.items())
EVENTS: list[st.SearchStrategy[News]] = [
    st.builds(
        StaffFound, st.builds(StaffFacts, *[st.booleans()] * 4, settings=st.just(SETTINGS)), st.booleans()
    ),
    st.builds(
        HoursTold, st.booleans(), st.sampled_from(["", "10:00"]), st.sampled_from(["", "monday"]), faults
    ),
    st.builds(PinChecked, st.none() | st.booleans(), st.sampled_from([0.0, 10.0]), faults),
    st.builds(PinChosen, faults),
    st.sampled_from([board(), board(ILL, CRASH)]),
    st.builds(CountsRead, st.just(COUNTS), faults),
    st.builds(CountsExported, st.just("counts.csv"), faults),
    st.builds(SettingsSaved, st.sampled_from([(), SETTINGS, CHANGED]), faults),
    st.builds(ClosedMarked, st.booleans(), faults),
    st.builds(UpdateTold, st.builds(UpdateFacts, faults, st.sampled_from(UpdateStage), faults)),
    st.builds(UpdateTold, st.sampled_from([OFFERED, OLDER])),
]
STARTS: dict[str, Callable[[str], State]] = {
    "the staff": lambda panel: at_staff(panel).state,
}
