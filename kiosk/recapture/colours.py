"""What a printer and a camera make of colours, as staff measured it. No arrays here."""

from dataclasses import dataclass

from kiosk.errors import BadArgumentError

Row = tuple[float, float, float, float]
MOST_MIXED, MOST_OFFSET_255 = 4.0, 255.0
GAMMAS = (0.4, 2.5)


@dataclass(frozen=True, slots=True)
class ColourMap:
    """Red, green and blue of 0..255 are mixed, each by its row of `ink`, then bent: 255 * (mixed / 255) ** gamma.

    A row's last number is added, in 1/255. `residual_255` is how far the chart's colours were off, as the root of the
    mean square. Raises BadArgumentError for what no printer does.
    """

    ink: tuple[Row, Row, Row]
    gamma: float
    residual_255: float

    def __post_init__(self) -> None:
        mixed = all(abs(share) <= MOST_MIXED for row in self.ink for share in row[:3])
        offset = all(abs(row[3]) <= MOST_OFFSET_255 for row in self.ink)
        if not (mixed and offset and GAMMAS[0] <= self.gamma <= GAMMAS[1] and 0 <= self.residual_255 <= 255):
            raise BadArgumentError("no printer makes such colours; measure the chart again")
