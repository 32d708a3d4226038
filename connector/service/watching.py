"""What of the mapping folder runs: the good files, and what broken ones were before."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from connector.mapping.between import missing_in, with_keys
from connector.mapping.clash import Clash, clashes
from connector.mapping.faults import Fault
from connector.mapping.flow import DirectoryFlow, Flow, PushFlow
from connector.mapping.load import Folder

Flows = dict[str, Flow]
"""Flows by name, the directory's among them."""

Signature = dict[str, tuple[int, int, int]]
"""What tells whether a mapping file changed, by path."""


def signature(folder: Path) -> Signature:
    """What differs of each mapping file when it is written, replaced or readable."""
    seen: Signature = {}
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            stat = path.stat()
        except OSError:  # removed since it was listed: it is not there
            continue
        seen[str(path)] = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
    return seen


def good_flows(
    folder: Folder, before: Flows, files: Collection[str]
) -> tuple[Flows, list[Fault]]:
    """The flows to run, and the faults of files that can't be taken up.

    Of a file that is there and gives no flow now, the last good version is kept;
    a file that clashes with what is kept waits until that is mended. So does a
    directory that lacks whom a flow that is kept looks for.
    """
    good: list[Flow] = [*folder.flows, *folder.dials]
    good += filter(None, [folder.directory])
    faults = [fault for fault in folder.faults if fault.severity == "error"]
    while True:
        kept = _kept(good, before, files)
        clashing = [*clashes([*kept, *good]), *_lacking(kept, good)]
        out = {file for clash in clashing for file in clash.files}
        if out.isdisjoint(flow.file for flow in good):
            return _by_name([*good, *kept]), faults
        good = [flow for flow in good if flow.file not in out]
        faults.extend(clash.fault for clash in clashing)


def _kept(good: Collection[Flow], before: Flows, files: Collection[str]) -> list[Flow]:
    """The last good versions that stay; the directory's as long as one needs it."""
    taken = {flow.file for flow in good}
    kept = [f for f in before.values() if f.file in files and f.file not in taken]
    if not _directory([*good, *kept]) and any(_lacking(kept, [])):
        kept += filter(None, [_directory(before.values())])
    return kept


def _lacking(kept: Collection[Flow], good: Collection[Flow]) -> Iterator[Clash]:
    """Yield each flow that needs what the directory beside it does not have."""
    directory = _directory([*good, *kept])
    file = directory.file if directory else ""
    for flow in (flow for flow in (*kept, *good) if isinstance(flow, PushFlow)):
        lacks = [*missing_in(directory, flow)]
        if lacks and flow in good:  # its file may have it, and not be what runs
            lacks = [*missing_in(None, flow, file)]
        yield from (Clash(files=(file, flow.file), fault=lack) for lack in lacks)


def _directory(flows: Iterable[Flow]) -> DirectoryFlow | None:
    return next((flow for flow in flows if isinstance(flow, DirectoryFlow)), None)


def _by_name(flows: Collection[Flow]) -> Flows:
    """Name the flows; the directory has the keys that these flows look people up by."""
    pushes = [flow for flow in flows if isinstance(flow, PushFlow)]
    return {
        flow.name: with_keys(flow, pushes) if isinstance(flow, DirectoryFlow) else flow
        for flow in flows
    }
