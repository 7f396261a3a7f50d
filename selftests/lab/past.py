# SPDX-License-Identifier: GPL-2.0
"""How long things took the last time: what takes longest has to begin first, or all
else is over and one processor is left with it."""

import json
import os
import threading

CACHE = os.environ.get("VPNHA_CACHE") or os.path.join(
    os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "vpnha")


class Past:
    """Seconds by name, kept in a file. One that cannot be read or written makes a run
    slower, but is no reason to fail it."""

    def __init__(self, path=os.path.join(CACHE, "seconds.json")):
        self.path = path
        self.lock = threading.Lock()
        self.seconds = self._read()

    def _read(self):
        try:
            with open(self.path, encoding="utf-8") as file:
                seconds = json.load(file)
            return {str(name): float(value) for name, value in seconds.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def expected(self, name, otherwise):
        """Seconds that it took the last time, or otherwise when there was none."""
        return self.seconds.get(name, otherwise)

    def remember(self, name, seconds):
        """It has taken so long. Another run may have written meanwhile: what it says of
        others is kept."""
        with self.lock:
            self.seconds = {**self.seconds, **self._read(), name: round(seconds, 1)}
            new = f"{self.path}.{os.getpid()}"
            try:
                os.makedirs(os.path.dirname(self.path), exist_ok=True)
                with open(new, "w", encoding="utf-8") as file:
                    json.dump(self.seconds, file, indent=1, sort_keys=True)
                os.replace(new, self.path)
            except OSError:
                pass
