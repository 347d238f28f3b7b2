"""The wiring picture, drawn from the table of buttons: what a technician connects, and where."""

from dataclasses import dataclass
from html import escape

from tests.device.buttons import Button, Table

# Header pins by what they carry; the rest are signals. The same on a Raspberry Pi and a Jetson developer kit.
VOLTS_5, VOLTS_3V3 = (2, 4), (1, 17)
GROUND = (6, 9, 14, 20, 25, 30, 34, 39)
WORDS = {"shutter": "SHUTTER", "more": "MORE NOISE", "less": "LESS NOISE"}
KEYS = {57: "space", 103: "up", 108: "down"}

INK, FAINT, PAPER, BOARD = "#1b1b1b", "#6b6b6b", "#ffffff", "#e9efe6"
SIGNAL = {"shutter": "#c2185b", "more": "#1565c0", "less": "#2e7d32"}
GROUND_COLOUR, VOLTS_3V3_COLOUR, VOLTS_5_COLOUR = "#1b1b1b", "#ef8f00", "#d32f2f"
WIDTH, HEIGHT = 1180, 820
ODD_X, EVEN_X, FIRST_Y, PITCH = 610, 644, 150, 30
BUTTON_X, RADIUS = 170, 54
BUTTON_Y = (200, 370, 540)
GROUND_X = 56
PANEL_X = 778


@dataclass(frozen=True)
class Text:
    """How words are set."""

    size: int = 16
    colour: str = INK
    anchor: str = "start"
    bold: bool = False


def text(x: float, y: float, words: str, style: Text, *, turned: bool = False) -> str:
    turn = f' transform="rotate(90 {x:g} {y:g})"' if turned else ""
    weight = ' font-weight="bold"' if style.bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{style.size}" fill="{style.colour}" '
        f'text-anchor="{style.anchor}"{weight}{turn}>{escape(words)}</text>'
    )


def wire(points: list[tuple[float, float]], colour: str, *, kind: str) -> str:
    """A wire along points; `kind` says what it connects, for whoever reads the file."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    return (
        f'<polyline class="{escape(kind)}" points="{path}" fill="none" stroke="{colour}" stroke-width="5" '
        'stroke-linejoin="round" stroke-linecap="round"/>'
    )


def dot(x: float, y: float, radius: float, colour: str, ring: str = INK) -> str:
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{colour}" stroke="{ring}" stroke-width="1.5"/>'
    )


def box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" fill="{colour}" '
        f'stroke="{FAINT}" stroke-width="1.5"/>'
    )


def block(x: float, y: float, width: float, height: float, colour: str) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{colour}" stroke="{INK}" '
        'stroke-width="1.5"/>'
    )


def pin_place(pin: int) -> tuple[int, int]:
    """Return where a pin is drawn: odd ones on the left, even ones on the right, 1 and 2 on top."""
    return (ODD_X if pin % 2 else EVEN_X, FIRST_Y + (pin - 1) // 2 * PITCH)


def pin_colour(pin: int, table: Table) -> str:
    for button in table.buttons:
        if button.header_pin == pin:
            return SIGNAL[button.name]
    if pin in GROUND:
        return GROUND_COLOUR
    if pin in VOLTS_3V3:
        return VOLTS_3V3_COLOUR
    return VOLTS_5_COLOUR if pin in VOLTS_5 else "#ffffff"


def draw_pin(pin: int, table: Table) -> list[str]:
    x, y = pin_place(pin)
    colour = pin_colour(pin, table)
    shape = dot(x, y, 12, colour)
    if pin == 1:
        shape = block(x - 12, y - 12, 24, 24, colour)
    ink = INK if colour in ("#ffffff", VOLTS_3V3_COLOUR) else PAPER
    return [shape, text(x, y + 4, str(pin), Text(12, ink, "middle", bold=True))]


def draw_header(table: Table) -> list[str]:
    top, bottom = FIRST_Y - 28, FIRST_Y + 19 * PITCH + 28
    parts = [
        box(ODD_X - 110, top - 28, 186, bottom - top + 56, BOARD),
        box(ODD_X - 22, top + 4, 78, bottom - top - 8, "#3a3a3a"),
    ]
    for pin in range(1, 41):
        parts += draw_pin(pin, table)
    parts += [
        text(ODD_X - 24, FIRST_Y - 3, "pin 1", Text(13, INK, "end", bold=True)),
        text(ODD_X - 24, FIRST_Y + 14, "has a mark", Text(13, INK, "end")),
        text(EVEN_X + 23, FIRST_Y + 196, "the board's edge", Text(13, FAINT), turned=True),
        text(ODD_X - 98, top - 8, "corner (Pi: microSD card)", Text(13, FAINT)),
        text(ODD_X - 98, bottom + 18, "Pi: USB, network", Text(13, FAINT)),
    ]
    return parts


def draw_button(button: Button, y: int) -> list[str]:
    colour = SIGNAL[button.name]
    return [
        dot(BUTTON_X, y, RADIUS, "#f4f4f4"),
        dot(BUTTON_X, y, RADIUS - 14, colour),
        dot(BUTTON_X - RADIUS - 8, y, 8, "#d7b740"),
        dot(BUTTON_X + RADIUS + 8, y, 8, "#d7b740"),
        text(BUTTON_X, y - RADIUS - 14, WORDS[button.name], Text(20, colour, "middle", bold=True)),
    ]


def draw_wires(table: Table) -> list[str]:
    parts = []
    for index, (button, y) in enumerate(zip(table.buttons, BUTTON_Y, strict=True)):
        pin_x, pin_y = pin_place(button.header_pin)
        bend_x = 430 - 50 * index
        parts.append(
            wire(
                [(BUTTON_X + RADIUS + 8, y), (bend_x, y), (bend_x, pin_y), (pin_x - 12, pin_y)],
                SIGNAL[button.name],
                kind=f"signal {button.name} pin-{button.header_pin}",
            )
        )
        words = f"pin {button.header_pin}"
        parts.append(text(pin_x - 124, pin_y - 6, words, Text(15, SIGNAL[button.name], "end", bold=True)))
    ground_x, ground_y = pin_place(table.ground_pin)
    chain: list[tuple[float, float]] = [
        (GROUND_X, BUTTON_Y[0]),
        (GROUND_X, ground_y),
        (ground_x - 12, ground_y),
    ]
    parts.append(wire(chain, GROUND_COLOUR, kind=f"ground pin-{table.ground_pin}"))
    kind = f"ground pin-{table.ground_pin}"
    parts += [wire([(GROUND_X, y), (BUTTON_X - RADIUS - 8, y)], GROUND_COLOUR, kind=kind) for y in BUTTON_Y]
    parts += [
        text(ground_x - 124, ground_y - 6, f"pin {table.ground_pin}", Text(15, INK, "end", bold=True)),
        text(GROUND_X + 8, ground_y + 24, "ground: one wire to all three buttons", Text(15)),
        text(GROUND_X + 8, ground_y + 46, "A button's two contacts may be swapped.", Text(15, FAINT)),
    ]
    return parts


def draw_table(table: Table) -> list[str]:
    columns = (0, 106, 170, 220, 296)
    parts = [box(PANEL_X - 16, 122, 396, 250, "#fafafa")]
    heads = ("button", "key", "pin", "Pi", "Jetson")
    parts += [
        text(PANEL_X + 8 + x, 152, head, Text(14, FAINT)) for x, head in zip(columns, heads, strict=True)
    ]
    for row, button in enumerate(table.buttons):
        cells = (
            WORDS[button.name].lower(),
            KEYS[button.keycode],
            str(button.header_pin),
            f"GPIO {button.raspberry_pi_gpio}",
            button.jetson_pad,
        )
        y = 184 + 30 * row
        parts.append(dot(PANEL_X - 2, y - 5, 5, SIGNAL[button.name]))
        parts += [text(PANEL_X + 8 + x, y, cell, Text(15)) for x, cell in zip(columns, cells, strict=True)]
    legend = (
        (GROUND_COLOUR, f"ground; the buttons use pin {table.ground_pin}"),
        (VOLTS_3V3_COLOUR, "3.3 V"),
        (VOLTS_5_COLOUR, "5 V: never to a button, it destroys the board"),
    )
    for row, (colour, words) in enumerate(legend):
        y = 292 + 28 * row
        parts += [dot(PANEL_X - 2, y - 5, 5, colour), text(PANEL_X + 8, y, words, Text(15))]
    return parts


def draw_jetson(table: Table) -> list[str]:
    """The resistors that only a Jetson needs."""
    top = 400
    parts = [
        box(PANEL_X - 16, top, 396, 342, "#fff7e6"),
        text(PANEL_X, top + 30, "Jetson only: hold each pin high", Text(18, INK, bold=True)),
        text(
            PANEL_X,
            top + 56,
            f"Three resistors of {table.jetson_pull_up_ohm / 1000:g} kΩ, 0.1 W or more,",
            Text(15),
        ),
        text(
            PANEL_X,
            top + 76,
            f"from pin {table.jetson_pull_up_pin} (3.3 V) to each of the three pins.",
            Text(15),
        ),
        text(PANEL_X, top + 96, "10 kΩ is too weak: the button would stick.", Text(15)),
    ]
    source_y = top + 132
    rail_x = PANEL_X + 24
    parts.append(
        text(
            PANEL_X, source_y, f"pin {table.jetson_pull_up_pin}, 3.3 V", Text(15, VOLTS_3V3_COLOUR, bold=True)
        )
    )
    last_y = source_y + 44 + 46 * (len(table.buttons) - 1)
    rail: list[tuple[float, float]] = [(rail_x, source_y + 10), (rail_x, last_y)]
    parts.append(wire(rail, VOLTS_3V3_COLOUR, kind=f"pull-up pin-{table.jetson_pull_up_pin}"))
    for row, button in enumerate(table.buttons):
        y = source_y + 44 + 46 * row
        colour = SIGNAL[button.name]
        parts += [
            wire(
                [(rail_x, y), (rail_x + 56, y)],
                VOLTS_3V3_COLOUR,
                kind=f"pull-up pin-{table.jetson_pull_up_pin}",
            ),
            block(rail_x + 56, y - 11, 74, 22, PAPER),
            text(rail_x + 93, y + 5, f"{table.jetson_pull_up_ohm / 1000:g} kΩ", Text(14, INK, "middle")),
            wire([(rail_x + 130, y), (rail_x + 196, y)], colour, kind=f"pull-up {button.name}"),
            text(rail_x + 206, y + 5, f"pin {button.header_pin}", Text(15, colour, bold=True)),
        ]
    parts.append(text(PANEL_X, last_y + 44, "A Raspberry Pi does this by itself.", Text(15, FAINT)))
    return parts


def wiring_picture(table: Table) -> str:
    """Return the picture as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="DejaVu Sans, Arial, Helvetica, sans-serif">',
        "<title>How the three buttons are connected to the 40-pin header</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        text(40, 46, "The three buttons on the 40-pin header", Text(26, INK, bold=True)),
        text(
            40,
            74,
            "Raspberry Pi 4 and 5, Jetson Orin Nano and Orin NX developer kits. Take the power off first.",
            Text(16, FAINT),
        ),
        *draw_header(table),
        *draw_wires(table),
        *(part for button, y in zip(table.buttons, BUTTON_Y, strict=True) for part in draw_button(button, y)),
        *draw_table(table),
        *draw_jetson(table),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"
