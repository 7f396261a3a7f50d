# SPDX-License-Identifier: GPL-2.0
"""What benchmarks have found out, beside what somebody else needs for the same:
{"name", "unit", "ours", "peer", "peer_name", "ratio", "limit"}. The ratio is ours
/ peer; a figure whose "limit" it is above, or "floor" below, has missed its goal. One
that has neither is told only."""

import json
import os
import sys


class Figures:
    """Prints and keeps them."""

    def __init__(self):
        self.rows = []
        print(f"{'':24}{'ours':>10}{'':>4}{'other':>10}{'ratio':>7}{'limit':>7}")

    def add(self, name, unit, ours, peer, peer_name, limit=None, floor=None):
        row = {"name": name, "unit": unit, "ours": round(ours), "peer": round(peer),
               "peer_name": peer_name, "ratio": round(ours / peer, 3)}
        if limit is not None:
            row["limit"] = limit
        if floor is not None:
            row["floor"] = floor
        self.rows.append(row)
        missed = "   MISSED" if self.is_missed(row) else ""
        bound = limit if floor is None else floor
        print(f"{name:24}{ours:10.0f}{'':>4}{peer:10.0f}{ours / peer:7.2f}"
              f"{'' if bound is None else f'{bound:.2f}':>7}   {unit}, {peer_name}{missed}",
              flush=True)

    @staticmethod
    def is_missed(row):
        return (row["ratio"] > row.get("limit", row["ratio"]) or
                row["ratio"] < row.get("floor", row["ratio"]))

    def write(self, path):
        """Adds them to those of a file; ends the program when one has missed its goal."""
        rows = []
        if os.path.exists(path):
            with open(path, encoding="ascii") as file:
                rows = json.load(file)
        with open(path, "w", encoding="ascii") as file:
            json.dump(rows + self.rows, file, indent=1)
            file.write("\n")
        missed = [row["name"] for row in self.rows if self.is_missed(row)]
        if missed:
            sys.exit(f"goals that were missed: {', '.join(missed)}")
