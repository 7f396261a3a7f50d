#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Whatever cannot be done is refused with the right error, a message and the
offending attribute, and leaves everything as it was: nothing is changed, and
nothing is told to anybody."""

from netlink_family import Report, Topology
from netlink_raw import faults_of
from netlink_refusals import Place, cases


def refuse(place, case):
    answer = place.raw.request(case.operation, case.attributes, dump=case.dump)
    return faults_of(answer, case, place.raw) + place.touched()


def main():
    with Topology() as topology:
        place = Place(topology.add("nl-refuse"))
        chosen = cases(place.raw)
        report = Report(len(chosen))
        for case in chosen:
            report.run(case.name, refuse, place, case)
    report.end()


if __name__ == "__main__":
    main()
