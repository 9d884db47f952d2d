"""The house in figures: rooms, floors and arrows of each package, lengths and parameters of its functions.

    python -m benchmarks.structure [FOLDER]

A room is a direct child of a package, file or folder; an arrow is that one room imports from another; a room stands one
floor above the highest room it imports from. Functions count from `def` to their last line, docstring included.
"""

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

PACKAGES = ("pipelines", "assets", "reports", "matching", "sources")
LONGEST_FUNCTION = 40  # lines, the project's rule
MOST_PARAMETERS = 8

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(package: Path) -> dict[str, ast.Module]:
    """Syntax trees of a package by dotted name; names of packages are those of their folders."""
    root = package.parent
    paths = sorted(package.rglob("*.py"))
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_bytes())
        for path in paths
    }


def imported(tree: ast.Module) -> Iterator[str]:
    """Dotted names that a module may import, packages and names in them alike."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def rooms(package: Path) -> dict[str, set[str]]:
    """Room -> rooms of the same package that it imports from; the package's own `__init__` is no room."""
    read = {name: tree for name, tree in modules(package).items() if "." in name}
    arrows: dict[str, set[str]] = {name.split(".")[1]: set() for name in read}
    for name, tree in read.items():
        own = name.split(".")[1]
        for target in imported(tree):
            parts = target.split(".")
            if parts[0] == package.name and len(parts) > 1 and parts[1] in arrows and parts[1] != own:
                arrows[own].add(parts[1])
    return arrows


def floors(arrows: dict[str, set[str]]) -> dict[str, int]:
    """Room -> floor, the ground floor is 1; raises CycleError where rooms import each other."""
    floor: dict[str, int] = {}
    for room in TopologicalSorter(arrows).static_order():
        floor[room] = 1 + max((floor[below] for below in arrows[room]), default=0)
    return floor


def storeys(package: Path) -> list[str]:
    """One line a floor, highest first, with its rooms; raises CycleError."""
    floor = floors(rooms(package))
    return [
        f"  {number}  {'  '.join(sorted(room for room in floor if floor[room] == number))}"
        for number in range(max(floor.values()), 0, -1)
    ]


def functions(package: Path) -> list[tuple[int, int, str]]:
    """Lines, parameters and name of every function and method of a package."""
    found = []
    for name, tree in modules(package).items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                arguments = node.args
                count = len([*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs])
                found.append(((node.end_lineno or node.lineno) - node.lineno + 1, count, f"{name}.{node.name}"))
    return found


def main(folder: Path) -> None:
    print("| package | rooms | floors | arrows | modules | lines |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in PACKAGES:
        arrows = rooms(folder / name)
        try:
            highest: int | str = max(floors(arrows).values())
        except CycleError as error:
            highest = f"circle: {' → '.join(error.args[1])}"
        lines = sum(len(path.read_bytes().splitlines()) for path in (folder / name).rglob("*.py"))
        count = sum(map(len, arrows.values()))
        print(f"| {name} | {len(arrows)} | {highest} | {count} | {len(modules(folder / name))} | {lines} |")
    for name in ("matching", "sources"):
        print("\n".join(["", f"{name}/", *storeys(folder / name)]))
    every = [one for name in PACKAGES for one in functions(folder / name)]
    long = sorted((one for one in every if one[0] > LONGEST_FUNCTION), reverse=True)
    wide = sorted((one for one in every if one[1] > MOST_PARAMETERS), key=lambda one: -one[1])
    print(f"\n{len(every)} functions: median {median(one[0] for one in every):g} lines, longest {max(every)[0]}")
    print(f"over {LONGEST_FUNCTION} lines: {len(long)}; over {MOST_PARAMETERS} parameters: {len(wide)}")
    for lines, parameters, name in [*long, *(one for one in wide if one not in long)]:
        print(f"  {name}: {lines} lines, {parameters} parameters")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path())
