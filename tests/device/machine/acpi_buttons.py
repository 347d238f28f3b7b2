"""Prints an ACPI table that gives the machine a header of gpio-sim with the kiosk's buttons on it, by gpio-keys.

On a Raspberry Pi that driver gets them from a device-tree overlay; both follow firmware_config/buttons.toml.
"""

import sys

from tests.device.buttons import Button, Table, load_table

LINES = 28  # as a Raspberry Pi's header has
PROPERTIES = 'ToUUID ("daffd814-6eba-4d8c-8a91-bc9bbf4aa301")'  # of a device or a node, by names
SUBNODES = 'ToUUID ("dbb8e3e6-5886-4ba6-8795-1319f52a966b")'

TABLE = """DefinitionBlock ("", "SSDT", 2, "KIOSK", "BUTTONS", 1)
{{
  Scope (\\_SB)
  {{
    Device (GSIM)
    {{
      Name (_HID, "PRP0001")
      Name (_UID, "header")
      Name (_DSD, Package () {{ {properties}, Package () {{ Package () {{"compatible", "gpio-simulator"}} }} }})
      Device (BNK0)
      {{
        Name (_ADR, Zero)
        Name (_DSD, Package () {{ {properties}, Package () {{
          Package () {{"ngpios", {lines}}}, Package () {{"gpio-sim,label", "header"}} }} }})
      }}
    }}
    Device (BTNS)
    {{
      Name (_HID, "PRP0001")
      Name (_UID, "buttons")
      Name (_CRS, ResourceTemplate () {{ GpioIo (Exclusive, PullUp, 0, 0, IoRestrictionInputOnly,
        "\\\\_SB.GSIM.BNK0", 0, ResourceConsumer) {{ {gpios} }} }})
      Name (_DSD, Package () {{
        {properties}, Package () {{ Package () {{"compatible", "gpio-keys"}} }},
        {subnodes}, Package () {{ {names} }} }})
{keys}
    }}
  }}
}}
"""
KEY = """      Name ({node}, Package () {{ {properties}, Package () {{
        Package () {{"label", "{name}"}}, Package () {{"linux,code", {keycode}}},
        Package () {{"gpios", Package () {{^BTNS, 0, {index}, {active_low}}}}} }} }})"""


def acpi_source(table: Table) -> str:
    """Return the table in ACPI's own language, for iasl."""
    nodes = [(f"KEY{index}", button) for index, button in enumerate(table.buttons)]
    return TABLE.format(
        properties=PROPERTIES,
        subnodes=SUBNODES,
        lines=LINES,
        gpios=", ".join(str(button.raspberry_pi_gpio) for button in table.buttons),
        names=", ".join(f'Package () {{"button-{button.name}", "{node}"}}' for node, button in nodes),
        keys="\n".join(
            _key(node, index, button, active_low=table.active_low)
            for index, (node, button) in enumerate(nodes)
        ),
    )


def _key(node: str, index: int, button: Button, *, active_low: bool) -> str:
    return KEY.format(
        node=node,
        properties=PROPERTIES,
        name=button.name,
        keycode=button.keycode,
        index=index,
        active_low=int(active_low),
    )


if __name__ == "__main__":
    sys.stdout.write(acpi_source(load_table()))
