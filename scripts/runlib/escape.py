# SPDX-License-Identifier: BSD-3-Clause
"""Keys of the terminal that are the runner's: those behind Ctrl-]."""

from runlib.keys import LEAVE


class Escape:
    """@commands: {letter: what to call}. Other letters behind Ctrl-] do nothing; a second Ctrl-] is the guest's."""

    def __init__(self, commands):
        self.commands = commands
        self.begun = False  # Ctrl-] was the last key

    def passed(self, data):
        """What of @data, which was typed, is the guest's."""
        out = bytearray()
        for byte in data:
            if self.begun:
                self.begun = False
                if byte == LEAVE:
                    out.append(byte)
                self.commands.get(chr(byte).lower(), lambda: None)()
            elif byte == LEAVE:
                self.begun = True
            else:
                out.append(byte)
        return bytes(out)


def hint(saves):
    """What is said about them. @saves: there is where to save the guest to."""
    return f"Ctrl-] q ends the run{', Ctrl-] s saves the guest' if saves else ''}; Ctrl-] twice is the guest's"
